package io.deriver.testkit.store;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoredItem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Stores that claim wrongly. */
final class ClaimMutants {

  private ClaimMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.ofNodes(
            "claims what is claimed already",
            () -> {
              List<Claim> given = new CopyOnWriteArrayList<>();
              return node ->
                  new TwistedNode(node)
                      .onClaim(
                          (request, n) -> {
                            ClaimBatch batch = n.claim(request);
                            List<Claim> claims =
                                Stream.concat(given.stream().limit(1), batch.claims().stream())
                                    .toList();
                            given.addAll(batch.claims());
                            return new ClaimBatch(claims, batch.nextDue());
                          });
            },
            "aKeyHasOneLiveClaim",
            "enqueueingIntoAClaimedKey",
            "claimersAgainstEnqueuers",
            "completedItemsDoNotComeBack",
            "claimersAtManyKeys",
            "reapersBesideLiveWork"),
        ofClaims(
            "gives the same fence to all",
            claim -> withId(claim, new ClaimId(type(claim), key(claim), 1, node(claim))),
            "fencesGrow",
            "aRenewalTellsWhatIsHeld"),
        ofClaims(
            "names another node in the claim",
            claim -> withId(claim, new ClaimId(type(claim), key(claim), fence(claim), "x")),
            "aClaimSaysWhatItIs",
            "anIdleNodeCanComeBack"),
        ofClaims(
            "does not count attempts",
            claim ->
                new Claim(claim.id(), 1, claim.standing(), claim.items(), claim.cut(), claim.age()),
            "attemptsPersist",
            "aRetryBringsTheSameItem",
            "aPassedGuardIsReaped"),
        ofClaims(
            "does not tell the standing",
            claim ->
                new Claim(
                    claim.id(),
                    claim.attempt(),
                    Standing.REGULAR,
                    claim.items(),
                    claim.cut(),
                    claim.age()),
            "aTimeoutMeansProbation",
            "theFirstCrashMakesASuspect",
            "standingsHaveTheirOwnCaps"),
        ofClaims(
            "takes every claim for new",
            claim ->
                new Claim(
                    claim.id(),
                    claim.attempt(),
                    claim.standing(),
                    claim.items(),
                    claim.cut(),
                    Duration.ZERO),
            "aClaimTellsItsAge"),
        ofItems(
            "forgets the weight",
            i -> item(i, i.payload(), 0, i.variant()),
            "itemsComeAsTheyWereEnqueued",
            "aRequeuedItemGoesToTheEnd"),
        ofItems(
            "forgets the variant",
            i -> item(i, i.payload(), i.weight(), ""),
            "itemsComeAsTheyWereEnqueued",
            "aRequeuedItemGoesToTheEnd"),
        ofItems(
            "drops NUL from payloads",
            i -> item(i, i.payload().replace("\\u0000", ""), i.weight(), i.variant()),
            "payloadsOfAnyLetters"),
        ofClaims(
            "reverses the items of a unit",
            claim -> {
              List<StoredItem> items = new ArrayList<>(claim.items());
              Collections.reverse(items);
              return new Claim(
                  claim.id(), claim.attempt(), claim.standing(), items, claim.cut(), claim.age());
            },
            "itemsAreWorkedInOrder",
            "mixedCallsKeepTheOrderOfEach",
            "aLongKeyKeepsItsOrder",
            "aUnitIsCappedInItems"),
        ofRequests(
            "claims all types",
            r -> with(r, Stream.of("mail", "chat").map(t -> terms(r, t)).toList(), r.maxKeys()),
            "onlyTheTypesAskedFor",
            "nextDueOfOthersIsNotTold"),
        ofRequests(
            "favours the type named last",
            r -> {
              List<TypeTerms> types = new ArrayList<>(r.types());
              Collections.reverse(types);
              return with(r, types, r.maxKeys());
            },
            "typesAreFavouredInOrder"),
        ofTerms(
            "has no cap of items",
            t -> new TypeTerms(t.type(), t.guard(), 1_000, t.maxBytes(), t.maxAttempts()),
            "aUnitIsCappedInItems",
            "aSplitTouchesOnlyItsOwn"),
        ofTerms(
            "counts letters instead of bytes",
            t ->
                new TypeTerms(t.type(), t.guard(), t.maxItems(), t.maxBytes() * 2, t.maxAttempts()),
            "aUnitIsCappedInBytes"),
        ofTerms(
            "takes weights for nothing", t -> t.weight(Long.MAX_VALUE), "aUnitIsCappedInWeight"),
        ofRequests(
            "has no caps of types",
            r ->
                with(
                    r,
                    r.types().stream().map(t -> t.keys(Integer.MAX_VALUE)).toList(),
                    r.maxKeys()),
            "typesHaveTheirOwnCaps"),
        ofRequests(
            "has no cap of keys",
            r -> with(r, r.types(), 1_000),
            "keysAreCapped",
            "theCapOfAllHoldsForMixedStandings"),
        ofRequests(
            "has no caps of standings",
            r -> new ClaimRequest(r.types(), r.maxKeys(), 1_000, 1_000, r.renews()),
            "standingsHaveTheirOwnCaps",
            "capsOfNought"),
        ofRequests(
            "adds the caps of standings to that of all",
            r -> with(r, r.types(), r.maxKeys() + r.probation() + r.suspects()),
            "theCapOfAllHoldsForMixedStandings"),
        ofTerms(
            "has no guards",
            t ->
                new TypeTerms(
                    t.type(), Duration.ofDays(400), t.maxItems(), t.maxBytes(), t.maxAttempts()),
            "aPassedGuardIsReaped",
            "aPassedGuardCanBeTheLast",
            "termsAreFixedAtTheClaim"),
        ofTerms(
            "claims no more than two items",
            t ->
                new TypeTerms(
                    t.type(), t.guard(), Math.min(2, t.maxItems()), t.maxBytes(), t.maxAttempts()),
            "aUnitIsCappedInItems",
            "aDoneUnitLetsTheKeyGrow",
            "aDeadLetterEndsTheShrinking"),
        ofTerms(
            "never runs out of attempts",
            t -> new TypeTerms(t.type(), t.guard(), t.maxItems(), t.maxBytes(), 1_000),
            "crashesOfASuspectCount",
            "aSuspectShrinks",
            "aPassedGuardShrinks",
            "theLastAttemptIsForOneItem",
            "aPassedGuardCanBeTheLast"),
        Mutant.ofTwist(
            "skips units whose first item is too large",
            node -> node.onClaim(ClaimMutants::withoutLargeOnes),
            "theFirstItemIsAlwaysIncluded"),
        Mutant.ofTwist(
            "claims the youngest keys first",
            node -> node.onClaim(ClaimMutants::youngest),
            "oldestKeysFirst",
            "everyKeyHasItsTurn"),
        Mutant.ofTwist(
            "tells a due time where there is none",
            node -> node.onClaim((r, n) -> new ClaimBatch(n.claim(r).claims(), Duration.ZERO)),
            "nothingToClaim",
            "nextDueOfItems",
            "nextDueOfRests",
            "nextDueOfOthersIsNotTold",
            "aPausedTypeIsNotDue"));
  }

  private static ClaimBatch withoutLargeOnes(ClaimRequest request, NodeStore node) {
    ClaimBatch batch = node.claim(request);
    return new ClaimBatch(
        batch.claims().stream()
            .filter(
                claim ->
                    claim.items().get(0).payload().getBytes(StandardCharsets.UTF_8).length
                        <= request.types().get(0).maxBytes())
            .toList(),
        batch.nextDue());
  }

  private static ClaimBatch youngest(ClaimRequest request, NodeStore node) {
    ClaimBatch batch = node.claim(with(request, request.types(), 1_000));
    int others = Math.max(0, batch.claims().size() - request.maxKeys());
    node.write(
        batch.claims().subList(0, others).stream()
            .map(claim -> new OutcomeWrite(claim.id(), new ClaimEnd.Released(Duration.ZERO)))
            .toList());
    return new ClaimBatch(batch.claims().subList(others, batch.claims().size()), batch.nextDue());
  }

  private static Mutant ofClaims(String breaks, UnaryOperator<Claim> twist, String... killedBy) {
    return Mutant.ofTwist(
        breaks,
        node ->
            node.onClaim(
                (request, n) -> {
                  ClaimBatch batch = n.claim(request);
                  return new ClaimBatch(
                      batch.claims().stream().map(twist).toList(), batch.nextDue());
                }),
        killedBy);
  }

  private static Mutant ofItems(
      String breaks, UnaryOperator<StoredItem> twist, String... killedBy) {
    return ofClaims(
        breaks,
        claim ->
            new Claim(
                claim.id(),
                claim.attempt(),
                claim.standing(),
                claim.items().stream().map(twist).toList(),
                claim.cut(),
                claim.age()),
        killedBy);
  }

  private static Mutant ofRequests(
      String breaks, UnaryOperator<ClaimRequest> twist, String... killedBy) {
    return Mutant.ofTwist(
        breaks, node -> node.onClaim((request, n) -> n.claim(twist.apply(request))), killedBy);
  }

  private static Mutant ofTerms(String breaks, UnaryOperator<TypeTerms> twist, String... killedBy) {
    return ofRequests(
        breaks, r -> with(r, r.types().stream().map(twist).toList(), r.maxKeys()), killedBy);
  }

  private static ClaimRequest with(ClaimRequest request, List<TypeTerms> types, int maxKeys) {
    return new ClaimRequest(
        types, maxKeys, request.probation(), request.suspects(), request.renews());
  }

  private static TypeTerms terms(ClaimRequest request, String type) {
    TypeTerms any = request.types().get(0);
    return new TypeTerms(type, any.guard(), any.maxItems(), any.maxBytes(), any.maxAttempts());
  }

  private static Claim withId(Claim claim, ClaimId id) {
    return new Claim(
        id, claim.attempt(), claim.standing(), claim.items(), claim.cut(), claim.age());
  }

  private static StoredItem item(StoredItem item, String payload, int weight, String variant) {
    return new StoredItem(item.id(), payload, weight, variant, item.enqueuedAt());
  }

  private static String type(Claim claim) {
    return claim.id().type();
  }

  private static String key(Claim claim) {
    return claim.id().key();
  }

  private static long fence(Claim claim) {
    return claim.id().fence();
  }

  private static String node(Claim claim) {
    return claim.id().node();
  }
}
