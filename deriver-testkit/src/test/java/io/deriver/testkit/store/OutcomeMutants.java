package io.deriver.testkit.store;

import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.NodeStore;
import io.deriver.spi.NodeStore.ApplyGate;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Stores that end claims wrongly. */
final class OutcomeMutants {

  private static final ClaimEnd RELEASED = new ClaimEnd.Released(Duration.ZERO);

  private OutcomeMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.ofNodes(
            "ignores fence and node",
            OutcomeMutants::unfenced,
            "aClaimEndsOnce",
            "anOldFenceIsRefused",
            "anotherNodeIsRefused",
            "theLateEndIsRefused",
            "claimsThatNeverWere"),
        Mutant.ofTwist(
            "says written to everything",
            node ->
                node.onWrite(
                    (writes, n) -> {
                      n.write(writes);
                      return writes.stream().map(write -> WriteAnswer.WRITTEN).toList();
                    }),
            "aBatchEndsAClaimOnce",
            "aClaimIsEndedByOne",
            "claimsThatNeverWere"),
        Mutant.ofTwist(
            "never tells that a key is drained",
            node ->
                node.onWrite((writes, n) -> told(n.write(writes), WriteAnswer.WRITTEN))
                    .onApply(
                        (claim, step, gate, n) ->
                            told(n.apply(claim, step, gate), WriteAnswer.WRITTEN)),
            "theLastUnitDrainsItsKey",
            "aStepDrainsItsKey",
            "aLongKeyIsDrainedAtItsEnd",
            "onlyACleanEndDrains"),
        Mutant.ofTwist(
            "tells of each key that it is drained",
            node -> node.onWrite((writes, n) -> told(n.write(writes), WriteAnswer.DRAINED)),
            "theLastUnitDrainsItsKey",
            "aLongKeyIsDrainedAtItsEnd",
            "onlyACleanEndDrains"),
        Mutant.ofTwist(
            "stops a batch at the first refusal",
            node -> node.onWrite(OutcomeMutants::untilRefused),
            "aBatchAnswersEach"),
        Mutant.ofTwist(
            "answers an empty batch",
            node ->
                node.onWrite(
                    (writes, n) ->
                        writes.isEmpty() ? List.of(WriteAnswer.WRITTEN) : n.write(writes)),
            "anEmptyBatch"),
        Mutant.ofTwist(
            "refuses to write a text with NUL",
            node ->
                node.onWrite(
                    (writes, n) -> {
                      if (writes.toString().contains("\0")) {
                        throw new StoreException("invalid byte sequence: 0x00", null);
                      }
                      return n.write(writes);
                    }),
            "unfitErrorTexts",
            "unfitTextsOfDeadLetters"),
        Mutant.ofTwist(
            "takes back what has passed before it writes",
            node ->
                node.onWrite(
                    (writes, n) -> {
                      n.reap();
                      return n.write(writes);
                    }),
            "anExpiredClaimCanBeEnded"),
        ofEnds(
            "keeps completed items",
            end -> end instanceof ClaimEnd.Completed ? RELEASED : end,
            "completedItemsAreGone",
            "completingLeavesTheRest",
            "aSuspectCanClearItself",
            "enqueueAgainstADrainingKey",
            "cancelledItemsAreKept"),
        ofEnds(
            "takes what is discarded for done",
            end -> end instanceof ClaimEnd.Completed ? new ClaimEnd.Completed() : end,
            "eachItemIsKeptAsItEnded",
            "aBatchIsKept"),
        ofEnds(
            "takes a retry for a release",
            end -> end instanceof ClaimEnd.Retried ? RELEASED : end,
            "aRetryBringsTheSameItem",
            "aRetryLiftsSuspicion",
            "aRetriedUnitStaysInFront",
            "deadLettersCarryTheirHistory",
            "attemptsPersist"),
        ofEnds(
            "takes a timeout for a failure",
            end ->
                end instanceof ClaimEnd.Retried retried
                    ? new ClaimEnd.Retried(retried.delay(), Cause.FAILURE, retried.error())
                    : end,
            "aTimeoutMeansProbation",
            "aReleaseLeavesNoTrace"),
        ofEnds(
            "takes a release for a retry",
            end ->
                end instanceof ClaimEnd.Released released
                    ? new ClaimEnd.Retried(released.delay(), Cause.FAILURE, "released")
                    : end,
            "aReleaseLeavesNoTrace",
            "aReleasedSuspectStaysOne",
            "aReleasedKeyRests"),
        ofEnds(
            "forgets the key's past at a release",
            end -> end instanceof ClaimEnd.Released ? new ClaimEnd.Split(Set.of(), Map.of()) : end,
            "aReleaseKeepsTheUnitOfARetry",
            "aReleasedSuspectStaysOne"),
        ofEnds(
            "excuses nobody",
            end ->
                end instanceof ClaimEnd.Released released && released.failure() != null
                    ? new ClaimEnd.Retried(
                        released.delay(), released.failure().cause(), released.failure().error())
                    : end,
            "anExcusedFailureDoesNotCount",
            "anExcusedTimeoutMeansProbation"),
        ofEnds(
            "forgets what it excused",
            end ->
                end instanceof ClaimEnd.Released released
                    ? new ClaimEnd.Released(released.delay())
                    : end,
            "anExcusedFailureDoesNotCount",
            "anExcusedTimeoutMeansProbation",
            "anExcusedSuspectIsNoneAnyMore"),
        ofEnds(
            "has no rests",
            end -> {
              if (end instanceof ClaimEnd.Retried retried) {
                return new ClaimEnd.Retried(Duration.ZERO, retried.cause(), retried.error());
              }
              return end instanceof ClaimEnd.Released ? RELEASED : end;
            },
            "aRetriedKeyRests",
            "aReleasedKeyRests",
            "nextDueOfRests"),
        ofEnds(
            "starts a failed key anew",
            end -> end instanceof ClaimEnd.Retried ? new ClaimEnd.Split(Set.of(), Map.of()) : end,
            "aFailedUnitComesBackByHalves",
            "theLastAttemptIsForOneItem",
            "aDoneUnitLetsTheKeyGrow"),
        ofEnds(
            "takes one that hung for one that failed",
            end ->
                end instanceof ClaimEnd.DeadLettered dead
                    ? new ClaimEnd.DeadLettered(Cause.FAILURE, dead.error())
                    : end,
            "behindAHungItemEachGetsOneAttempt"),
        ofEnds(
            "drops what should be a dead letter",
            end -> end instanceof ClaimEnd.DeadLettered ? new ClaimEnd.Completed() : end,
            "theRestOfTheKeyGoesOn",
            "aRequeuedItemGoesToTheEnd",
            "deadLettersAreKept"),
        ofEnds(
            "leaves dead letters in the order",
            end -> end instanceof ClaimEnd.DeadLettered ? RELEASED : end,
            "aDeadLetterLeavesTheOrder",
            "aDiscardedDeadLetterIsGone"),
        ofEnds(
            "ends all items at a split",
            end -> end instanceof ClaimEnd.Split ? new ClaimEnd.Completed() : end,
            "aSplitEndsSomeItems",
            "aSplitRemembersWhatFailed",
            "aSplitCanEndTheKey",
            "aSplitIsKept"),
        Mutant.ofTwist(
            "completes without the step",
            node -> node.onApply((claim, step, gate, n) -> completed(n, claim)),
            "aStepTakesEffectWithTheCompletion",
            "aForeignStep"),
        Mutant.ofTwist(
            "lets effects take place at once",
            node -> node.onApply(OutcomeMutants::eagerly),
            "aClaimIsAppliedOnce",
            "theFenceIsCheckedFirst",
            "aGateThatSaysNo",
            "aClaimLostWhileTheStepRuns",
            "aClaimIsAppliedByOne",
            "aZombieAppliesBesideTheOwner"),
        Mutant.ofTwist(
            "asks the gate before the step",
            node ->
                node.onApply(
                    (claim, step, gate, n) ->
                        gate.close() ? n.apply(claim, step, open(gate)) : WriteAnswer.REFUSED),
            "theGateIsAskedAfterTheStep"),
        Mutant.ofTwist(
            "does not listen to the gate",
            node -> node.onApply((claim, step, gate, n) -> n.apply(claim, step, open(gate))),
            "aGateThatSaysNo",
            "aStepIsKeptWithItsEffect"),
        Mutant.ofTwist(
            "knows no way to abort",
            node -> node.onApply((claim, step, gate, n) -> n.apply(claim, step, deaf())),
            "anAbortedTransaction"),
        Mutant.ofTwist(
            "wraps what a step throws",
            node ->
                node.onApply(
                    (claim, step, gate, n) -> {
                      try {
                        return n.apply(claim, step, gate);
                      } catch (IOException e) {
                        throw new StoreException("the step failed", e);
                      }
                    }),
            "aStepThatThrows"),
        Mutant.ofNodes(
            "locks the store while a step runs",
            OutcomeMutants::lockedByTheStep,
            "aSlowStepHoldsUpNothing"));
  }

  private static Function<NodeStore, NodeStore> unfenced() {
    Map<TypeKey, ClaimId> holders = new ConcurrentHashMap<>();
    return node ->
        new TwistedNode(node)
            .onClaim(
                (request, n) -> {
                  var batch = n.claim(request);
                  batch
                      .claims()
                      .forEach(
                          claim ->
                              holders.put(
                                  new TypeKey(claim.id().type(), claim.id().key()), claim.id()));
                  return batch;
                })
            .onWrite(
                (writes, n) ->
                    writes.stream()
                        .map(
                            write -> {
                              ClaimId id = write.claim();
                              ClaimId holder =
                                  holders.getOrDefault(new TypeKey(id.type(), id.key()), id);
                              n.write(List.of(new OutcomeWrite(holder, write.end())));
                              return WriteAnswer.WRITTEN;
                            })
                        .toList());
  }

  private static List<WriteAnswer> told(List<WriteAnswer> answers, WriteAnswer written) {
    return answers.stream().map(answer -> told(answer, written)).toList();
  }

  private static WriteAnswer told(WriteAnswer answer, WriteAnswer written) {
    return answer.isWritten() ? written : answer;
  }

  private static List<WriteAnswer> untilRefused(List<OutcomeWrite> writes, NodeStore node) {
    List<WriteAnswer> answers = new ArrayList<>();
    for (OutcomeWrite write : writes) {
      answers.add(
          answers.contains(WriteAnswer.REFUSED)
              ? WriteAnswer.REFUSED
              : node.write(List.of(write)).get(0));
    }
    return answers;
  }

  private static WriteAnswer completed(NodeStore node, ClaimId claim) {
    return node.write(List.of(new OutcomeWrite(claim, new ClaimEnd.Completed()))).get(0);
  }

  private static WriteAnswer eagerly(
      ClaimId claim, CompletionStep step, ApplyGate gate, NodeStore node) throws Exception {
    ((InMemoryStep) step).run(Runnable::run);
    return gate.close() ? completed(node, claim) : WriteAnswer.REFUSED;
  }

  /** A gate that always says yes. */
  private static ApplyGate open(ApplyGate gate) {
    return new ApplyGate() {
      @Override
      public void onCancel(AutoCloseable abort) {
        gate.onCancel(abort);
      }

      @Override
      public boolean close() {
        return true;
      }
    };
  }

  /** A gate that always says yes and does not hand on how to abort. */
  private static ApplyGate deaf() {
    return new ApplyGate() {
      @Override
      public void onCancel(AutoCloseable abort) {}

      @Override
      public boolean close() {
        return true;
      }
    };
  }

  private static Function<NodeStore, NodeStore> lockedByTheStep() {
    AtomicBoolean locked = new AtomicBoolean();
    return node ->
        new TwistedNode(node)
            .onApply(
                (claim, step, gate, n) -> {
                  locked.set(true);
                  try {
                    return n.apply(claim, step, gate);
                  } finally {
                    locked.set(false);
                  }
                })
            .onClaim(
                (request, n) -> {
                  if (locked.get()) {
                    throw new StoreException("lock timeout", null);
                  }
                  return n.claim(request);
                });
  }

  private static Mutant ofEnds(String breaks, UnaryOperator<ClaimEnd> twist, String... killedBy) {
    return Mutant.ofTwist(
        breaks,
        node ->
            node.onWrite(
                (writes, n) ->
                    n.write(
                        writes.stream()
                            .map(write -> new OutcomeWrite(write.claim(), twist.apply(write.end())))
                            .toList())),
        killedBy);
  }
}
