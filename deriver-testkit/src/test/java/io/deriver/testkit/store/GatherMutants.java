package io.deriver.testkit.store;

import io.deriver.Cut;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Stores that gather items wrongly, or say wrongly what cut a unit. */
final class GatherMutants {

  private GatherMutants() {}

  static List<Mutant> all() {
    return List.of(
        ofTerms(
            "gathers nothing",
            terms -> Map.of(),
            "aKeyWaitsForItsWeight",
            "theOldestItemDoesNotWaitForEver",
            "aFullUnitDoesNotWait",
            "anotherVariantEndsTheWait",
            "theRestWaitsAnew",
            "aKeyIsFlushed",
            "aTypeIsFlushed",
            "theLastWordCounts",
            "manyKeysAreLookedAtAnew"),
        ofEach(
            "gathers for ever",
            terms -> new GatherTerms(terms.minWeight(), Duration.ofDays(9_999), terms.maxItems()),
            "theOldestItemDoesNotWaitForEver",
            "anotherVariantEndsTheWait",
            "theRestWaitsAnew",
            "aRequeuedItemIsAsOldAsItWas"),
        ofEach(
            "gathers more than enough",
            terms -> new GatherTerms(1_000_000, terms.maxWait(), terms.maxItems()),
            "aKeyWaitsForItsWeight",
            "aHeavyItemDoesNotWait",
            "theRestWaitsAnew",
            "whatWasClaimedOnceDoesNotWait",
            "undueItemsCount",
            "aClaimedKeyIsFlushed"),
        ofEach(
            "gathers more than a unit holds",
            terms -> new GatherTerms(terms.minWeight(), terms.maxWait(), 1_000_000),
            "aFullUnitDoesNotWait"),
        ofTerms(
            "gathers for all types alike",
            terms -> {
              Map<String, GatherTerms> all = new HashMap<>(terms);
              terms.values().forEach(one -> all.put("chat", one));
              return all;
            },
            "otherTypesDoNotWait"),
        ofCut(
            "never tells what cut a unit",
            Cut.NOTHING,
            "aUnitIsCutByItems",
            "aLongKeyIsCutByItems",
            "aUnitIsCutByBytes",
            "aUnitIsCutByWeight",
            "aUnitIsCutByVariant",
            "aUnitIsCutByADueTime",
            "aUnitIsCutByFailures"),
        ofCut("says that items cut every unit", Cut.MAX_ITEMS, "aWholeKeyIsNotCut"));
  }

  private static Mutant ofTerms(
      String breaks, UnaryOperator<Map<String, GatherTerms>> twist, String... killedBy) {
    return Mutant.ofJoin(
        breaks,
        spec ->
            new NodeSpec(
                spec.pool(),
                spec.types(),
                spec.lease(),
                spec.storeTimeout(),
                twist.apply(spec.gathering())),
        killedBy);
  }

  private static Mutant ofEach(
      String breaks, UnaryOperator<GatherTerms> twist, String... killedBy) {
    return ofTerms(
        breaks,
        terms ->
            terms.entrySet().stream()
                .collect(
                    Collectors.toMap(Map.Entry::getKey, entry -> twist.apply(entry.getValue()))),
        killedBy);
  }

  private static Mutant ofCut(String breaks, Cut cut, String... killedBy) {
    return Mutant.ofTwist(
        breaks,
        node ->
            node.onClaim(
                (request, n) -> {
                  ClaimBatch batch = n.claim(request);
                  return new ClaimBatch(
                      batch.claims().stream().map(claim -> cutBy(claim, cut)).toList(),
                      batch.nextDue());
                }),
        killedBy);
  }

  private static Claim cutBy(Claim claim, Cut cut) {
    return new Claim(
        claim.id(), claim.attempt(), claim.standing(), claim.items(), cut, claim.age());
  }
}
