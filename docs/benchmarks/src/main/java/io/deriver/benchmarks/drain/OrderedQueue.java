package io.deriver.benchmarks.drain;

import java.util.List;

/**
 * A queue whose draining fails if its items did not come in order by key.
 *
 * @param order what worked them
 */
record OrderedQueue(Queue queue, KeyOrder order, int items) implements Queue {

  @Override
  public void load(List<String> keys, List<String> payloads) throws Exception {
    queue.load(keys, payloads);
  }

  @Override
  public void drain() throws Exception {
    queue.drain();
    order.require(items);
  }

  @Override
  public String table() {
    return queue.table();
  }

  @Override
  public void close() {
    queue.close();
  }
}
