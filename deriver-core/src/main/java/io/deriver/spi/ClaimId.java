package io.deriver.spi;

/**
 * Which claim: the (type, key) that it holds, its fence, and the node that holds it. Only the pair
 * (fence, node) may end it.
 */
public record ClaimId(String type, String key, long fence, String node) {

  @Override
  public String toString() {
    return "type=" + type + " key=" + key + " fence=" + fence;
  }
}
