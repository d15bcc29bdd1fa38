package io.deriver.quickstart.acts;

import static io.deriver.quickstart.acts.Figures.seconds;

import io.deriver.quickstart.Settings;
import io.deriver.quickstart.Sql;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.legacy.OutagePool;
import io.deriver.quickstart.legacy.RepairedPool;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The three acts, one after the other, with the same summarizer, server, slots and items. */
public final class Demo {

  private static final String SCHEMA = "quickstart_act";

  private final DataSource database;
  private final Llm llm;
  private final Summarizer summarizer;
  private final Terms terms;
  private final Input input = Input.load();
  private final Map<String, Poison> poisoned = Poison.in(input);

  /** A demo in this database, in schemas of its own. */
  public Demo(DataSource database, Llm llm, Summarizer summarizer, Settings settings) {
    this.database = database;
    this.llm = llm;
    this.summarizer = summarizer;
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
    acts.add(outage(1, "outage, no poison", input.only(key -> !poisoned.containsKey(key))));
    acts.add(outage(2, "outage", Poison.mark(input)));
    acts.add(repair());
    System.out.printf("%n%s%n", Figures.table(terms, acts));
    return true;
  }

  private void introduce() {
    System.out.printf(
        "%d conversations, %d messages; T = %s, %d slots. LLM: %s%n",
        input.conversations().size(),
        input.lines().size(),
        seconds(terms.timeout()),
        terms.slots(),
        llm.endpoint());
    System.out.printf("Poisoned, so that every call for them hangs:%n");
    for (Poison poison : Poison.values()) {
      System.out.printf(
          "  those in which '%s' is said: %d, %s%n",
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
        .play(fed, terms, llm);
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
        .play(Poison.mark(input), terms, llm);
  }

  private String fresh(String schema) throws SQLException {
    Sql.run(database, schema, "drop schema if exists ${schema} cascade");
    return schema;
  }
}
