package io.deriver.quickstart.commands;

import io.deriver.quickstart.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** {@code postgres}: a database for the other subcommands, for as long as the process lives. */
public final class SharedPostgres {

  private SharedPostgres() {}

  /** Runs the command; only an interrupt or the end of the process ends it. */
  public static void run() throws IOException, InterruptedException {
    try (EmbeddedPostgres postgres = Database.embedded(Database.SHARED_PORT)) {
      System.out.printf(
          "Postgres listens at %s until this process ends; its data end with it.%n",
          postgres.getJdbcUrl("postgres", "postgres"));
      new CountDownLatch(1).await();
    }
  }
}
