package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry;
import io.deriver.soak.ledger.Fault;
import io.deriver.soak.ledger.Said;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run has seen, counted. */
final class Figures {

  static final String KILLS = "faults: kill";
  static final String TAKEOVERS = "takeovers of what a killed or stopped process had in hand";
  static final String REFUSED = "told: refused";

  private Figures() {}

  static Map<String, Long> of(Book book) {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("items enqueued for good", (long) book.items().size());
    figures.put("keys", book.items().values().stream().map(Entry.Enqueued::key).distinct().count());
    figures.put("units begun", book.starts().values().stream().mapToLong(List::size).sum());
    figures.put("items with one effect", withEffects(book));
    figures.put("dead letters", (long) book.state().dead().size());
    figures.put(
        "dead letters that are no poison",
        book.state().dead().keySet().stream()
            .filter(item -> !OnlyThePoisonedDie.isPoisoned(item, book))
            .count());
    figures.put("pending", (long) book.state().pending().size());
    figures.put("processes", (long) book.lives().spans().size());
    for (Fault fault : Fault.values()) {
      figures.put(
          "faults: " + lower(fault),
          book.faults().stream().filter(f -> f.fault() == fault).count());
    }
    for (Said said : Said.values()) {
      figures.put("told: " + lower(said), told(book, said));
    }
    Takeovers takeovers = Takeovers.of(book);
    figures.put(TAKEOVERS, (long) takeovers.begun().size());
    spread("ms from the fault until the claim was taken back", takeovers.takenBack(), figures);
    spread("ms from the fault until its key ran again", takeovers.begun(), figures);
    figures.put(
        "ms that a claim stood past its lease or guard, longest", NoIdleClaim.longestMillis(book));
    return figures;
  }

  private static void spread(String what, List<Long> ascending, Map<String, Long> figures) {
    if (!ascending.isEmpty()) {
      figures.put(what + ", median", ascending.get(ascending.size() / 2));
      figures.put(what + ", longest", ascending.get(ascending.size() - 1));
    }
  }

  private static long withEffects(Book book) {
    return book.effectsOf().values().stream().filter(effects -> effects.size() == 1).count();
  }

  private static long told(Book book, Said said) {
    return book.told().values().stream()
        .flatMap(List::stream)
        .filter(told -> told.said() == said)
        .count();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
