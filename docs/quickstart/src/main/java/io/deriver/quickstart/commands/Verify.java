package io.deriver.quickstart.commands;

import io.deriver.quickstart.Database;
import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Settings;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.verify.Verification;
import java.sql.SQLException;
import java.util.Set;

/** {@code verify}: holds what was written against the input. */
public final class Verify {

  private Verify() {}

  /**
   * Runs the command.
   *
   * @return whether all is as it must be
   */
  public static boolean run(Settings settings) throws SQLException {
    boolean fake = settings.llm() == null;
    Input input = Input.load();
    Set<Long> poisoned = fake ? Poison.in(input).keySet() : Set.of();
    try (Database database = Database.shared(settings)) {
      new SummaryService(database.dataSource(), Schemas.SHARED, settings); // makes the tables
      Verification check = new Verification(database.dataSource(), Schemas.SHARED);
      check.load(input, poisoned);
      return check.print(fake);
    }
  }
}
