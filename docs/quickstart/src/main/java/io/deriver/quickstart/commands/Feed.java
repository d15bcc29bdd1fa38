package io.deriver.quickstart.commands;

import io.deriver.quickstart.Database;
import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Settings;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.host.SummaryService;
import java.sql.SQLException;

/** {@code feed}: enqueues the input. */
public final class Feed {

  private Feed() {}

  /** Runs the command. */
  public static void run(Settings settings) throws SQLException {
    Input input = Input.load();
    try (Database database = Database.shared(settings)) {
      new SummaryService(database.dataSource(), Schemas.SHARED, settings)
          .feed(settings.llm() == null ? Poison.mark(input) : input);
      System.out.printf(
          "Enqueued %d messages of %d conversations at %s%n",
          input.lines().size(), input.conversations().size(), database.jdbcUrl());
    }
  }
}
