package io.deriver.quickstart.acts;

import static io.deriver.quickstart.acts.Figures.seconds;

import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Settings;
import io.deriver.quickstart.Sql;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.legacy.OutagePool;
import io.deriver.quickstart.legacy.RepairedPool;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import io.deriver.quickstart.verify.Verification;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** The three acts, one after the other, with the same summarizer, server, slots and items. */
public final class Demo {

  private static final String SCHEMA = "quickstart_act";

  private static final Schemas SCHEMAS = new Schemas(SCHEMA + "3", SCHEMA + "3_deriver");

  private final DataSource database;
  private final Llm llm;
  private final Summarizer summarizer;
  private final Settings settings;
  private final Terms terms;
  private final Input input = Input.load();
  private final Map<Long, Poison> poisoned;
  private final Set<String> hanging;

  /** A demo in this database, in schemas of its own. */
  public Demo(DataSource database, Llm llm, Summarizer summarizer, Settings settings) {
    this.database = database;
    this.llm = llm;
    this.summarizer = summarizer;
    this.settings = settings;
    this.poisoned = settings.llm() == null ? Poison.in(input) : Map.of();
    this.hanging = settings.llm() == null ? Poison.conversations(input) : Set.of();
    this.terms = new Terms(settings.slots(), settings.timeout());
  }

  /**
   * Plays them.
   *
   * @return whether the third one ended as it must
   */
  public boolean play() throws SQLException, InterruptedException {
    introduce();
    List<Figures> acts = new ArrayList<>();
    if (settings.llm() == null) {
      acts.add(outage(1, "outage, no poison", input.only(key -> !hanging.contains(key))));
      acts.add(outage(2, "outage", Poison.mark(input)));
      acts.add(repair());
    } else {
      System.out.printf("A real LLM cannot be told to hang: there is the third act alone.%n");
    }
    Figures survived = deriver();
    acts.add(survived);
    System.out.printf("%n%s%n%n", Figures.table(terms, acts));
    return verify(survived);
  }

  private void introduce() {
    System.out.printf(
        "%d conversations, %d messages; T = %s, %d slots. LLM: %s%n",
        input.conversations().size(),
        input.lines().size(),
        seconds(terms.timeout()),
        terms.slots(),
        llm.endpoint());
    if (poisoned.isEmpty()) {
      return;
    }
    System.out.printf(
        "Poisoned, so that every call for them hangs: %d messages, in %d conversations%n",
        poisoned.size(), hanging.size());
    for (Poison poison : Poison.values()) {
      System.out.printf(
          "  '%s' is said in %d of them, which hang %s%n",
          poison.word(),
          poisoned.values().stream().filter(poison::equals).count(),
          poison.description());
    }
  }

  private Figures outage(int number, String name, Input fed)
      throws SQLException, InterruptedException {
    System.out.printf(
        "%n== Act 1, the pool of the outage, %s%n",
        number == 1 ? "without the poisoned conversations" : "with them");
    return new LegacyAct(
            name,
            database,
            fresh(SCHEMA + "1_" + number),
            queue -> new OutagePool(queue, summarizer, terms.slots(), terms.staleAfter()))
        .play(fed, healthy(), terms, llm);
  }

  private Figures repair() throws SQLException, InterruptedException {
    System.out.printf(
        "%n== Act 2, the well-known repair: a timeout, cancel(true), cleanup first%n");
    return new LegacyAct(
            "repair",
            database,
            fresh(SCHEMA + "2"),
            queue ->
                new RepairedPool(
                    queue, summarizer, terms.slots(), terms.staleAfter(), terms.timeout()))
        .play(Poison.mark(input), healthy(), terms, llm);
  }

  private Figures deriver() throws SQLException, InterruptedException {
    System.out.printf("%n== Act 3, deriver%n");
    fresh(SCHEMAS.host());
    fresh(SCHEMAS.queue());
    return new DeriverAct(database, SCHEMAS, settings)
        .play(poisoned.isEmpty() ? input : Poison.mark(input), hanging, terms, llm, summarizer)
        .figures();
  }

  private boolean verify(Figures survived) throws SQLException {
    Verification check = new Verification(database, SCHEMAS);
    check.load(input, poisoned.keySet());
    return check.print(settings.llm() == null)
        && survived.done() == input.lines().size() - poisoned.size()
        && survived.deadLetters() == poisoned.size();
  }

  private int healthy() {
    return input.conversations().size() - hanging.size();
  }

  private String fresh(String schema) throws SQLException {
    Sql.run(database, schema, "drop schema if exists ${schema} cascade");
    return schema;
  }
}
