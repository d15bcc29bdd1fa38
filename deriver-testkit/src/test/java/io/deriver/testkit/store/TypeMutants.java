package io.deriver.testkit.store;

import io.deriver.Item;
import io.deriver.Priority;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/** Stores that know no priorities, or that take a type's pause or limit lightly. */
final class TypeMutants {

  private TypeMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.ofEnqueue(
            "takes all priorities for one",
            (items, memory) -> memory.enqueueAll(items.stream().map(TypeMutants::normal).toList()),
            "theHighestPriorityIsClaimedFirst",
            "aKeyIsAsUrgentAsItsMostUrgentItem",
            "whatIsLeftHasItsOwnPriority",
            "aKeyBecomesMoreUrgent",
            "priorityStaysWithTheItem",
            "aLongKeyIsUrgentToo"),
        Mutant.ofTwist(
            "never goes by age alone",
            node ->
                node.onClaim(
                    (request, n) -> {
                      ClaimBatch batch = n.claim(request);
                      n.claim(new ClaimRequest(List.of(), 0, 0, 0));
                      return batch;
                    }),
            "theOldestIsNotPassedOverForEver"),
        Mutant.ofTwist(
            "has the caps of standings anew for each priority",
            node -> node.onClaim(TypeMutants::twice),
            "capsOfStandingsHoldOverAllPriorities"),
        Mutant.ofEnqueue(
            "resumes a type when items come",
            (items, memory) -> {
              items.forEach(item -> memory.resume(item.type()));
              return memory.enqueueAll(items);
            },
            "aPausedTypeIsNotClaimed"),
        Mutant.ofNodes(
            "claims nothing once it was paused",
            () -> TypeMutants::pausedForEver,
            "aTypeIsResumed"),
        Mutant.ofTwist(
            "does not say what is paused",
            node -> node.onRemarks(n -> List.of()),
            "aPauseIsRemarkedOn"),
        ofTerms(
            "limits each node by itself",
            (terms, n) -> terms.running(Integer.MAX_VALUE),
            "aLimitHoldsOverAllNodes"),
        ofTerms(
            "counts all types",
            (terms, n) -> terms.running(terms.maxRunning() - n.renew().held().size()),
            "otherTypesDoNotCount"));
  }

  private static <T> Item<T> normal(Item<T> item) {
    return item.priority(Priority.NORMAL);
  }

  private static ClaimBatch twice(ClaimRequest request, NodeStore node) {
    List<Claim> claims = new ArrayList<>(node.claim(request).claims());
    int left = request.maxKeys() - claims.size();
    ClaimBatch more =
        node.claim(
            new ClaimRequest(request.types(), left, request.probation(), request.suspects()));
    claims.addAll(more.claims());
    return new ClaimBatch(claims, more.nextDue());
  }

  private static NodeStore pausedForEver(NodeStore node) {
    AtomicBoolean paused = new AtomicBoolean();
    return new TwistedNode(node)
        .onClaim(
            (request, n) -> {
              if (n.remarks().stream().anyMatch(remark -> remark.contains("paused"))) {
                paused.set(true);
              }
              return paused.get() ? new ClaimBatch(List.of(), null) : n.claim(request);
            });
  }

  private static Mutant ofTerms(
      String breaks, BiFunction<TypeTerms, NodeStore, TypeTerms> twist, String... killedBy) {
    return Mutant.ofTwist(
        breaks,
        node ->
            node.onClaim(
                (request, n) ->
                    n.claim(
                        new ClaimRequest(
                            request.types().stream().map(t -> twist.apply(t, n)).toList(),
                            request.maxKeys(),
                            request.probation(),
                            request.suspects()))),
        killedBy);
  }
}
