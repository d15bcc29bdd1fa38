package io.deriver.testkit.store;

import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Stores that renew or reap wrongly. */
final class UpkeepMutants {

  private UpkeepMutants() {}

  static List<Mutant> all() {
    return List.of(
        Mutant.ofTwist(
            "gives all nodes one id", n -> n.onNodeId(node -> "node"), "nodesHaveIdsOfTheirOwn"),
        Mutant.ofJoin(
            "ends leases before their time",
            spec ->
                new NodeSpec(
                    spec.pool(), spec.types(), spec.lease().dividedBy(2), spec.storeTimeout()),
            "claimingKeepsTheNodeAlive"),
        Mutant.ofTwist(
            "renews with every claim",
            node ->
                node.onClaim(
                    (r, n) ->
                        n.claim(
                            new ClaimRequest(r.types(), r.maxKeys(), r.probation(), r.suspects()))),
            "aClaimThatNeedNotRenewDoesNot"),
        Mutant.ofTwist(
            "claims only where it renews",
            node ->
                node.onClaim((r, n) -> r.renews() ? n.claim(r) : new ClaimBatch(List.of(), null)),
            "aClaimThatNeedNotRenewDoesNot",
            "aClaimUnderALeaseThatIsOverRenewsIt"),
        Mutant.ofNodes(
            "remembers claims for ever, and renews nothing",
            () -> UpkeepMutants::remembering,
            "aRenewalTellsWhatIsHeld",
            "aRenewedNodeIsNotReaped",
            "anExpiredLeaseCanBeRenewed",
            "aReapedNodeCanComeBack"),
        Mutant.ofTwist(
            "keeps its lease by looking for work",
            node ->
                node.onClaim(
                    (request, n) -> {
                      n.renew();
                      return n.claim(request);
                    }),
            "lookingForWorkRenewsNothing"),
        Mutant.ofNodes(
            "renews all nodes at once",
            () -> {
              List<NodeStore> all = new CopyOnWriteArrayList<>();
              return node -> {
                all.add(node);
                return new TwistedNode(node)
                    .onRenew(
                        n -> {
                          all.forEach(NodeStore::renew);
                          return n.renew();
                        });
              };
            },
            "aRenewalIsOnesOwn",
            "aDeadNodesClaimIsTakenBack"),
        Mutant.ofNodes(
            "releases claims when their node is closed",
            () -> UpkeepMutants::releasing,
            "aClosedNodesClaimsAreReaped"),
        Mutant.ofTwist(
            "gives no claim back",
            node -> node.onGiveBack((fences, n) -> List.of()),
            "claimsAreGivenBack"),
        Mutant.ofNodes(
            "gives back whatever it is asked to",
            () -> {
              List<Claim> claims = new CopyOnWriteArrayList<>();
              return node -> givingBackAnything(node, claims);
            },
            "whatIsNotOnesOwnIsNotGivenBack"),
        Mutant.ofTwist(
            "reaps nothing",
            node -> node.onReap(n -> new ReapReport(List.of(), false, List.of())),
            "aDeadNodesClaimIsTakenBack",
            "unservedTypesAreNamed",
            "idleNodesServeTheirTypes",
            "whatIsKeptLongEnoughIsDropped"),
        Mutant.ofTwist(
            "forgets the past of what it reaps",
            node ->
                node.onReap(
                    n -> thenEnd(n, claim -> new ClaimEnd.Split(Set.of(), Map.of()), false)),
            "theFirstCrashMakesASuspect",
            "aReapedUnitStaysTheSame"),
        Mutant.ofTwist(
            "condemns whatever it reaps",
            node ->
                node.onReap(
                    n -> thenEnd(n, c -> new ClaimEnd.DeadLettered(Cause.FAILURE, "x"), true)),
            "theOthersAreNotCondemned"),
        Mutant.ofNodes(
            "reports again what it has reaped",
            () ->
                node -> {
                  List<Reaped> all = new CopyOnWriteArrayList<>();
                  return new TwistedNode(node)
                      .onReap(
                          n -> {
                            ReapReport report = n.reap();
                            all.addAll(report.reaped());
                            return new ReapReport(all, report.more(), report.unserved());
                          });
                },
            "reapingIsDoneOnce",
            "reapersBesideOneAnother",
            "everyClaimIsReaped"),
        Mutant.ofTwist(
            "never tells what is cancelled",
            node -> node.onRenew(n -> new Renewal(n.renew().held())),
            "aCancelledClaimIsTold"),
        Mutant.ofTwist(
            "never says that there is more to reap",
            node ->
                node.onReap(
                    n -> {
                      ReapReport report = n.reap();
                      return new ReapReport(report.reaped(), false, report.unserved());
                    }),
            "everyClaimIsReaped"));
  }

  private static NodeStore remembering(NodeStore node) {
    Set<Long> fences = ConcurrentHashMap.newKeySet();
    return new TwistedNode(node)
        .onClaim(
            (request, n) -> {
              ClaimBatch batch = n.claim(request);
              batch.claims().forEach(claim -> fences.add(claim.id().fence()));
              return batch;
            })
        .onRenew(n -> new Renewal(fences));
  }

  private static NodeStore givingBackAnything(NodeStore node, List<Claim> claims) {
    return new TwistedNode(node)
        .onClaim(
            (request, n) -> {
              ClaimBatch batch = n.claim(request);
              claims.addAll(batch.claims());
              return batch;
            })
        .onGiveBack(
            (fences, n) -> {
              List<ClaimId> asked =
                  claims.stream().map(Claim::id).filter(id -> fences.contains(id.fence())).toList();
              ClaimEnd end = new ClaimEnd.Released(Duration.ZERO);
              n.write(asked.stream().map(id -> new OutcomeWrite(id, end)).toList());
              return asked;
            });
  }

  private static NodeStore releasing(NodeStore node) {
    List<Claim> claims = new CopyOnWriteArrayList<>();
    return new TwistedNode(node)
        .onClaim(
            (request, n) -> {
              ClaimBatch batch = n.claim(request);
              claims.addAll(batch.claims());
              return batch;
            })
        .onClose(
            n -> {
              ClaimEnd end = new ClaimEnd.Released(Duration.ZERO);
              if (!claims.isEmpty()) {
                n.write(claims.stream().map(c -> new OutcomeWrite(c.id(), end)).toList());
                claims.clear();
              }
              n.close();
            });
  }

  private static ReapReport thenEnd(
      NodeStore node, Function<Claim, ClaimEnd> end, boolean deadLettered) {
    ReapReport report = node.reap();
    Set<String> keys =
        report.reaped().stream().map(reaped -> reaped.claim().key()).collect(Collectors.toSet());
    ClaimRequest all =
        new ClaimRequest(
            List.of(new TypeTerms("mail", Duration.ofDays(1), 100, 1 << 20, 100)), 100, 100, 100);
    for (Claim claim : node.claim(all).claims()) {
      boolean reaped = keys.contains(claim.id().key());
      node.write(
          List.of(
              new OutcomeWrite(
                  claim.id(), reaped ? end.apply(claim) : new ClaimEnd.Released(Duration.ZERO))));
    }
    return new ReapReport(
        report.reaped().stream()
            .map(reaped -> new Reaped(reaped.claim(), reaped.reason(), deadLettered))
            .toList(),
        report.more(),
        report.unserved());
  }
}
