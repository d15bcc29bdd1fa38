package io.deriver.testkit.regression;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.internal.Checks;
import io.deriver.internal.Names;
import io.deriver.spi.WorkStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The items of one play, under a type of their own, so that plays on one store do not meet.
 *
 * @param host the type that the host's processor knows
 * @param played the type that the store knows
 * @param items an item by its number
 * @param enqueue the host's way into the store
 */
record PlayItems<T>(
    ItemType<T> host,
    ItemType<T> played,
    IntFunction<Item<T>> items,
    WorkStore store,
    Consumer<Item<?>> enqueue) {

  private static final int NAME_KEPT = 50;
  private static final int SUFFIX = 8;

  static <T> PlayItems<T> of(
      ItemType<T> host,
      String shape,
      IntFunction<Item<T>> items,
      WorkStore store,
      Consumer<Item<?>> enqueue) {
    String name = host.name().substring(0, Math.min(host.name().length(), NAME_KEPT));
    String suffix = UUID.randomUUID().toString().substring(0, SUFFIX);
    ItemType<T> played =
        ItemType.of(Names.requireType(name + "-" + shape + "-" + suffix), host.payloadClass());
    return new PlayItems<>(
        host, host.codec().map(played::withCodec).orElse(played), items, store, enqueue);
  }

  /** Enqueues the items of these numbers; answers with their keys. */
  List<String> enqueue(int from, int to) {
    List<Item<T>> all = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = from; i < to; i++) {
      Item<T> item = items.apply(i);
      Checks.rule(
          keys.add(item.key()),
          "items gave key '%s' twice; each number must have a key of its own",
          item.key());
      all.add(
          new Item<>(
              played,
              item.key(),
              item.payload(),
              item.weight(),
              item.variant(),
              item.priority(),
              Duration.ZERO,
              item.dedupe()));
    }
    all.forEach(enqueue);
    return all.stream().map(Item::key).toList();
  }
}
