package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry;
import io.deriver.soak.ledger.Entry.Faulted;
import io.deriver.soak.ledger.Entry.Told;
import io.deriver.soak.ledger.Said;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When each process lived: ready, not killed and not stopped. */
record Lives(Map<String, List<Span>> spans) {

  /** From and until when it ran without a break. */
  record Span(Instant from, Instant until) {}

  static Lives of(List<Entry> ledger) {
    Map<String, Instant> running = new HashMap<>();
    Map<String, List<Span>> spans = new HashMap<>();
    Instant end = Instant.MIN;
    for (Entry entry : ledger) {
      Instant at = entry.mark().at();
      end = at.isAfter(end) ? at : end;
      if (entry instanceof Told told && told.said() == Said.READY) {
        running.putIfAbsent(told.process(), at);
        spans.putIfAbsent(told.process(), new ArrayList<>());
      } else if (entry instanceof Faulted faulted) {
        change(faulted, running, spans);
      }
    }
    for (Map.Entry<String, Instant> still : running.entrySet()) {
      of(still.getKey(), spans).add(new Span(still.getValue(), end));
    }
    return new Lives(spans);
  }

  private static void change(
      Faulted faulted, Map<String, Instant> running, Map<String, List<Span>> spans) {
    String process = faulted.process();
    switch (faulted.fault()) {
      case KILL, STOP -> {
        Instant from = running.remove(process);
        if (from != null) {
          of(process, spans).add(new Span(from, faulted.mark().at()));
        }
      }
      case RESUME -> running.putIfAbsent(process, faulted.mark().at());
      case HOLD, CUT, CUT_ANSWER, CUT_ALL, TERMINATE -> {}
    }
  }

  private static List<Span> of(String process, Map<String, List<Span>> spans) {
    return spans.computeIfAbsent(process, p -> new ArrayList<>());
  }

  /** The last moment, up to this one, at which the process lived; this one if it never began. */
  Instant lastAlive(String process, Instant at) {
    Instant last = null;
    for (Span span : spans.getOrDefault(process, List.of())) {
      if (!span.from.isAfter(at)) {
        Instant until = span.until.isBefore(at) ? span.until : at;
        last = last == null || until.isAfter(last) ? until : last;
      }
    }
    return last == null ? at : last;
  }

  /** Whether some process lived all this time. */
  boolean someoneLived(Instant from, Instant until) {
    return spans.values().stream()
        .flatMap(List::stream)
        .anyMatch(span -> !span.from.isAfter(from) && !span.until.isBefore(until));
  }
}
