package io.deriver.soak.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run in which little happened shows little, whatever else is found in it. */
final class SawEnough implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    Map<String, Long> figures = Figures.of(book);
    Bounds.Enough enough = book.bounds().enough();
    List<Violation> found = new ArrayList<>();
    atLeast(enough.kills(), Figures.KILLS, figures, found);
    atLeast(enough.takeovers(), Figures.TAKEOVERS, figures, found);
    atLeast(enough.refusedWrites(), Figures.REFUSED, figures, found);
    return found;
  }

  private void atLeast(int least, String what, Map<String, Long> figures, List<Violation> found) {
    long seen = figures.getOrDefault(what, 0L);
    if (seen < least) {
      found.add(Violation.of(this, "%d %s; at least %d are needed", seen, what, least));
    }
  }
}
