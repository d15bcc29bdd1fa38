package io.deriver.soak.judge;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the judge found.
 *
 * @param violations none if every promise was kept, and enough was seen to say so
 * @param figures what was seen, in the order to be printed in
 */
public record Verdict(List<Violation> violations, Map<String, Long> figures) {

  private static final int SHOWN = 10;

  public Verdict {
    violations = List.copyOf(violations);
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** The rules that were broken, by the simple names of their classes. */
  public Set<String> broken() {
    return violations.stream().map(Violation::rule).collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    figures.forEach((name, value) -> text.append("%,10d  %s%n".formatted(value, name)));
    violations.stream()
        .collect(Collectors.groupingBy(Violation::rule))
        .values()
        .forEach(of -> of.stream().limit(SHOWN).forEach(v -> text.append(v).append('\n')));
    return text.append("%d violations%n".formatted(violations.size())).toString();
  }
}
