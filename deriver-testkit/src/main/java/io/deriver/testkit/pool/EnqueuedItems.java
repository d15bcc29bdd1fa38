package io.deriver.testkit.pool;

import io.deriver.Item;
import io.deriver.ItemType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Keeps what host code enqueues, for unit tests of that code. Give it to the code where production
 * gives the queue's own method; the code then takes a {@code Consumer<Item<?>>}:
 *
 * <pre>{@code
 * new Intake(queue::enqueue);        // production
 *
 * EnqueuedItems enqueued = new EnqueuedItems();
 * new Intake(enqueued).receive(message);
 * assertThat(enqueued.of(SUMMARY)).containsExactly(Item.of(SUMMARY, "conversation:42", message));
 * }</pre>
 *
 * <p>What holds: items are kept in the order in which they came. What does not: nothing is encoded,
 * so a payload that its codec cannot write is found out on a store only; see {@link
 * PoolTester#enqueue}.
 *
 * <p>Thread-safe.
 */
public final class EnqueuedItems implements Consumer<Item<?>> {

  private final List<Item<?>> items = new CopyOnWriteArrayList<>();

  @Override
  public void accept(Item<?> item) {
    items.add(item);
  }

  /** All items, in their order. */
  public List<Item<?>> all() {
    return List.copyOf(items);
  }

  /** The items of a type, in their order. */
  @SuppressWarnings("unchecked") // an item's payload is of its type's class
  public <T> List<Item<T>> of(ItemType<T> type) {
    return items.stream().filter(item -> item.type().equals(type)).map(i -> (Item<T>) i).toList();
  }
}
