package io.deriver.testkit.store;

import io.deriver.Dedupe;
import io.deriver.Deduplication;
import io.deriver.Item;
import io.deriver.testkit.store.Enqueued.Change;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores that dedupe wrongly. */
final class DedupeMutants {

  private DedupeMutants() {}

  static List<Mutant> all() {
    return List.of(
        ofItems(
            "knows no dedupe keys",
            item -> with(item, null),
            "theFirstIsKept",
            "theContentIsReplaced",
            "aReplacedItemKeepsItsDueTime",
            "theNewOneIsPushedBack",
            "pushesPutOff",
            "aPushBackFreesTheKey",
            "aPushBackBlocksTheKey",
            "attemptsGoWithTheItem",
            "whatWaitsBehindAClaimMatches",
            "whatCameBackMatches",
            "theYoungerOneMatches",
            "theOtherMayHaveAnotherKey",
            "aCallIsDedupedInItself",
            "gatheringCountsWhatIsThere",
            "whatIsPushedBackBlocksNothing",
            "aLongKeyIsDeduped"),
        ofMode(
            "keeps the first in each mode",
            Dedupe.KEEP_FIRST,
            "theContentIsReplaced",
            "theNewOneIsPushedBack",
            "whatWaitsBehindAClaimMatches",
            "aCallIsDedupedInItself",
            "aLongKeyIsDeduped"),
        ofMode(
            "replaces in each mode",
            Dedupe.REPLACE,
            "theFirstIsKept",
            "pushesPutOff",
            "aPushBackFreesTheKey",
            "aPushBackBlocksTheKey"),
        ofMode(
            "pushes back in each mode",
            Dedupe.PUSH_BACK,
            "theFirstIsKept",
            "theContentIsReplaced",
            "aReplacedItemKeepsItsDueTime",
            "theYoungerOneMatches",
            "theOtherMayHaveAnotherKey"),
        ofItems(
            "takes all dedupe keys for one",
            item -> {
              Deduplication by = item.dedupe();
              return by == null ? item : item.dedupe("one", by.mode());
            },
            "othersAreOthers",
            "aLongKeyIsDeduped"),
        ofItems(
            "pushes back without the delay",
            item ->
                item.dedupe() != null && item.dedupe().mode() == Dedupe.PUSH_BACK
                    ? item.delay(Duration.ZERO)
                    : item,
            "pushesPutOff"),
        remembering(
            "takes what is being worked for waiting",
            (memory, seen) -> memory.pending(seen.type, seen.key).contains(seen.id),
            "aClaimedItemMatchesNothing",
            "whatWaitsBehindAClaimMatches",
            "theYoungerOneMatches"),
        remembering(
            "remembers dedupe keys for ever",
            (memory, seen) -> true,
            "aClaimedItemMatchesNothing",
            "whatHasEndedMatchesNothing"));
  }

  private static Mutant ofItems(String breaks, UnaryOperator<Item<?>> twist, String... killedBy) {
    return Mutant.ofEnqueue(
        breaks, (items, memory) -> memory.enqueueAll(items.stream().map(twist).toList()), killedBy);
  }

  private static Mutant ofMode(String breaks, Dedupe mode, String... killedBy) {
    return ofItems(
        breaks,
        item -> {
          Deduplication by = item.dedupe();
          return by == null ? item : item.dedupe(by.key(), mode);
        },
        killedBy);
  }

  private static <T> Item<T> with(Item<T> item, @Nullable Deduplication by) {
    return new Item<>(
        item.type(),
        item.key(),
        item.payload(),
        item.weight(),
        item.variant(),
        item.priority(),
        item.delay(),
        by);
  }

  /** Drops a new item if this holds of the one of its dedupe key that was enqueued before. */
  private static Mutant remembering(
      String breaks, BiPredicate<InMemoryWorkStore, Seen> matches, String... killedBy) {
    Map<InMemoryWorkStore, Map<String, Seen>> all =
        Collections.synchronizedMap(new WeakHashMap<>());
    return Mutant.ofEnqueue(
        breaks,
        (items, memory) -> {
          Map<String, Seen> seen = all.computeIfAbsent(memory, unused -> new HashMap<>());
          List<Enqueued> answers = new ArrayList<>();
          for (Item<?> item : items) {
            answers.add(enqueue(item, memory, seen, matches));
          }
          return answers;
        },
        killedBy);
  }

  private static Enqueued enqueue(
      Item<?> item,
      InMemoryWorkStore memory,
      Map<String, Seen> seen,
      BiPredicate<InMemoryWorkStore, Seen> matches) {
    Deduplication by = item.dedupe();
    if (by == null) {
      return memory.enqueue(item);
    }
    Seen before = seen.get(by.key());
    if (before != null && matches.test(memory, before)) {
      return new Enqueued(before.id, Change.DEDUPLICATED);
    }
    Enqueued answer = memory.enqueue(item);
    seen.put(by.key(), new Seen(item.type().name(), item.key(), answer.id()));
    return answer;
  }

  private record Seen(String type, String key, long id) {}
}
