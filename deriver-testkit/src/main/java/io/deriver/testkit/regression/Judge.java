package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.Expected;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.regression.Observed.OneRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Says what is wrong with what was seen. Immutable. */
final class Judge {

  /** In these a whole answer comes, so that a unit may be done and a second call may follow. */
  private static final Set<HangShape> WITH_AN_ANSWER =
      EnumSet.of(
          HangShape.STREAM_NEVER_ENDS,
          HangShape.DEAD_POOLED_CONNECTION,
          HangShape.CHILD_THREAD_LEFT);

  /** More than this is no accident: no content came that could have been reported. */
  private static final int PROGRESS_WITHOUT_CONTENT = 3;

  private final PlaySettings settings;
  private final Set<HangShape> mayAbandon;

  Judge(PlaySettings settings, Set<HangShape> mayAbandon) {
    this.settings = settings;
    this.mayAbandon = mayAbandon;
  }

  ShapeReport judge(Observed seen) {
    List<Finding> findings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    judgeSlots(seen, findings);
    judgeMeeting(seen, findings);
    judgeThreads(seen, findings, notes);
    judgeAnswers(seen, findings);
    judgeCalls(seen, findings);
    judgeRecovery(seen, findings, notes);
    note(seen, notes);
    Freed worst =
        seen.runs().stream().map(OneRun::freed).max(Comparator.naturalOrder()).orElse(Freed.LATE);
    return new ShapeReport(
        seen.shape(),
        true,
        seen.slotsBackAfter(),
        worst,
        (int) count(seen, run -> run.freed() == Freed.ABANDONED),
        findings,
        notes);
  }

  private void judgeSlots(Observed seen, List<Finding> findings) {
    if (!seen.slotsFree()) {
      findings.add(
          new Finding(
              Fault.SLOT_KEPT,
              "Not all of %d slots took the shape and were free again within %s."
                  .formatted(settings.slots(), settings.within()),
              "No processor can keep a slot beyond its limit: look at the store's calls and at the"
                  + " pool's log, and at virtual threads whose carriers are taken.",
              stackOf(seen)));
    }
  }

  private static void judgeMeeting(Observed seen, List<Finding> findings) {
    if (seen.met() != Observed.Met.BY_NONE) {
      return;
    }
    if (seen.runs().stream().anyMatch(run -> run.endedBy() != null)) {
      findings.add(
          new Finding(
              Fault.NOT_MET,
              "A limit ended runs before any of their calls was in the shape.",
              "Give the calls more time to begin, with longer limits(..), or look at what the"
                  + " processor does before it calls.",
              stackOf(seen)));
    } else if (WITH_AN_ANSWER.contains(seen.shape())
        || seen.runs().stream().noneMatch(OneRun::saidDone)) {
      // Elsewhere one that says so has taken a wrong answer for a whole one.
      findings.add(
          new Finding(
              Fault.NOT_MET,
              "All runs ended by themselves, and none of them had made a call.",
              "Look at what the processor does before it calls: it fails there, or calls another"
                  + " address than the one it was given.",
              ""));
    }
  }

  private void judgeThreads(Observed seen, List<Finding> findings, List<String> notes) {
    long away = count(seen, run -> run.freed() == Freed.ABANDONED);
    boolean allowed = mayAbandon.contains(seen.shape());
    if (away == 0) {
      if (allowed) {
        notes.add("it may abandon threads, by the test, and did not; the allowance can go");
      }
      return;
    }
    String what =
        "%d of %d threads were not back %s after the limit had ended their runs."
            .formatted(away, seen.runs().size(), settings.patienceIn(seen.shape()));
    Predicate<OneRun> isAway = run -> run.freed() == Freed.ABANDONED;
    Predicate<OneRun> isAvoidable = isAway.and(FindingHints::isAvoidable);
    boolean avoidable = count(seen, isAvoidable) > 0;
    OneRun first = first(seen, avoidable ? isAvoidable : isAway);
    if (allowed) {
      notes.add(what + " The test allows it.");
    } else if (seen.shape().expected() == Expected.ABANDONED && !avoidable) {
      notes.add(what + " Nothing that a host can do frees them in this shape.");
    } else {
      findings.add(
          new Finding(
              Fault.ABANDONED,
              what,
              FindingHints.forAbandoned(seen.shape(), first),
              stackOf(seen)));
    }
  }

  private void judgeAnswers(Observed seen, List<Finding> findings) {
    long done = count(seen, OneRun::saidDone);
    if (done > 0 && !WITH_AN_ANSWER.contains(seen.shape())) {
      boolean neverAsked = seen.calls().isPresent() && seen.calls().getAsInt() == 0;
      findings.add(
          new Finding(
              Fault.WRONG_ANSWER,
              "%d of %d runs said that all is done, and no whole answer had come%s."
                  .formatted(
                      done, seen.runs().size(), neverAsked ? "; the provider saw no call" : ""),
              FindingHints.forWrongAnswer(seen.shape(), neverAsked),
              ""));
    }
  }

  private void judgeCalls(Observed seen, List<Finding> findings) {
    int allowed = seen.runs().size() * settings.callsPerAttempt();
    int calls = seen.calls().orElse(0);
    if (calls > allowed && !WITH_AN_ANSWER.contains(seen.shape())) {
      findings.add(
          new Finding(
              Fault.REPEATED,
              "The provider saw %d calls of %d attempts.".formatted(calls, seen.runs().size()),
              FindingHints.forRepeated(),
              ""));
    }
  }

  private void judgeRecovery(Observed seen, List<Finding> findings, List<String> notes) {
    if (seen.unfinished().isEmpty()) {
      return;
    }
    // What hung before may have failed in the handshake because of the hang itself.
    List<String> healthy =
        seen.unfinished().stream().filter(line -> line.startsWith("healthy")).toList();
    if (FindingHints.distrustsTheCertificate(seen.shape(), healthy)) {
      notes.add(
          "recovery was not judged, since the client does not trust the provider's certificate; give"
              + " it LoopbackTls.shared().clientContext(). "
              + healthy.get(0));
      return;
    }
    findings.add(
        new Finding(
            Fault.NOT_RECOVERED,
            "The provider was well again, and %d units were not done within %s:%s"
                .formatted(
                    seen.unfinished().size(), settings.within(), indented(seen.unfinished())),
            FindingHints.forNotRecovered(seen.shape()),
            stackOf(seen)));
  }

  private static void note(Observed seen, List<String> notes) {
    if (!seen.setAside().isEmpty()) {
      notes.add("units that had hung were set aside or dropped:" + indented(seen.setAside()));
    }
    if (seen.shape() == HangShape.DEAD_POOLED_CONNECTION && seen.met() != Observed.Met.BY_ALL) {
      notes.add("not all slots met it: not every call used a connection for the second time");
    }
    if (seen.shape() == HangShape.KEEP_ALIVES_FOR_EVER
        && seen.runs().stream().anyMatch(run -> run.progressCalls() > PROGRESS_WITHOUT_CONTENT)) {
      notes.add(
          "progress() was called although no content came, so that idleTimeout cannot end such a"
              + " call: call it on content only");
    }
    if (!seen.trouble().isEmpty()) {
      notes.add("the provider or the pool could not be closed: " + seen.trouble());
    }
    if (seen.leftovers() > 0) {
      notes.add(
          seen.leftovers()
              + " threads did not even come back when the provider was closed: they are left in this"
              + " JVM");
    }
  }

  private static String indented(List<String> lines) {
    int shown = Math.min(lines.size(), 5);
    String text = "%n    ".formatted() + String.join("%n    ".formatted(), lines.subList(0, shown));
    return shown < lines.size() ? text + "%n    and %d more".formatted(lines.size() - shown) : text;
  }

  private static long count(Observed seen, Predicate<OneRun> which) {
    return seen.runs().stream().filter(which).count();
  }

  private static OneRun first(Observed seen, Predicate<OneRun> which) {
    return seen.runs().stream().filter(which).findFirst().orElseThrow();
  }

  /** Of the first thread that is away, and of the one that closes for it, if that hangs too. */
  private static String stackOf(Observed seen) {
    return seen.runs().stream()
        .filter(run -> run.freed() == Freed.ABANDONED)
        .findFirst()
        .map(
            run ->
                String.join(System.lineSeparator(), run.stack())
                    + (run.closer().isEmpty()
                        ? ""
                        : "%nand closing what it registered: ".formatted()
                            + String.join(System.lineSeparator(), run.closer())))
        .orElse("");
  }
}
