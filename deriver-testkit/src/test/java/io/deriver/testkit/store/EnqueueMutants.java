package io.deriver.testkit.store;

import io.deriver.Item;
import io.deriver.ItemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Stores that take items in wrongly. */
final class EnqueueMutants {

  private EnqueueMutants() {}

  static List<Mutant> all() {
    return List.of(
        ofItems(
            "forgets delays",
            item -> item.delay(Duration.ZERO),
            "anItemWaitsUntilItIsDue",
            "anUndueItemBlocksItsKey",
            "aUnitEndsBeforeAnUndueItem",
            "nextDueOfItems",
            "theLongestDelay"),
        ofItems(
            "takes all types for one",
            item -> Item.of(ItemType.of("mail", String.class), item.key(), payload(item)),
            "anotherTypeIsAnotherQueue"),
        ofItems(
            "mixes variants",
            item -> item.variant(""),
            "aUnitIsOfOneVariant",
            "itemsComeAsTheyWereEnqueued",
            "deadLettersCarryTheirHistory",
            "aRequeuedItemGoesToTheEnd"),
        ofItems(
            "folds the case of keys",
            item -> withKey(item, item.key().toLowerCase(Locale.ROOT)),
            "keysAreNotFolded",
            "keysOfAnyLetters"),
        ofItems(
            "cuts keys",
            item -> withKey(item, item.key().substring(0, Math.min(400, item.key().length()))),
            "theLongestKey"),
        ofItems(
            "takes payloads of any size",
            item -> payload(item).length() > 1_000_000 ? withPayload(item, "cut") : item,
            "payloadsAreCapped"),
        Mutant.ofEnqueue(
            "keeps what nobody asked for",
            (items, memory) -> memory.keepDone(Duration.ofDays(1)).enqueueAll(items),
            "nothingIsKeptUnasked"),
        Mutant.ofEnqueue(
            "takes items one by one",
            (items, memory) -> {
              List<Enqueued> answers = new ArrayList<>();
              items.forEach(item -> answers.add(memory.enqueue(item)));
              return answers;
            },
            "enqueueIsAllOrNothing"),
        Mutant.ofEnqueue(
            "loses the last item of a call",
            (items, memory) -> memory.enqueueAll(items.subList(0, Math.max(1, items.size() - 1))),
            "enqueuersInOppositeOrder"));
  }

  private static Mutant ofItems(String breaks, UnaryOperator<Item<?>> twist, String... killedBy) {
    return Mutant.ofEnqueue(
        breaks, (items, memory) -> memory.enqueueAll(items.stream().map(twist).toList()), killedBy);
  }

  private static String payload(Item<?> item) {
    return String.valueOf(item.payload());
  }

  private static <T> Item<T> withKey(Item<T> item, String key) {
    return new Item<>(
        item.type(),
        key,
        item.payload(),
        item.weight(),
        item.variant(),
        item.priority(),
        item.delay(),
        item.dedupe());
  }

  private static Item<?> withPayload(Item<?> item, String payload) {
    ItemType<String> type = ItemType.of(item.type().name(), String.class);
    return new Item<>(
        type,
        item.key(),
        payload,
        item.weight(),
        item.variant(),
        item.priority(),
        item.delay(),
        item.dedupe());
  }
}
