package io.deriver.soak.judge;

/**
 * A promise that was not kept.
 *
 * @param rule the simple name of the {@link Rule}'s class
 */
public record Violation(String rule, String text) {

  static Violation of(Rule rule, String text, Object... args) {
    return new Violation(rule.getClass().getSimpleName(), text.formatted(args));
  }

  @Override
  public String toString() {
    return rule + ": " + text;
  }
}
