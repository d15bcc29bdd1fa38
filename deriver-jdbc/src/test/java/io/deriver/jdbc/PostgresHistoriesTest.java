package io.deriver.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.testkit.store.history.History;
import io.deriver.testkit.store.history.Sightings;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Guards that whatever happens in whatever order, Postgres does what the model does that the store
 * in memory is checked against, too.
 */
class PostgresHistoriesTest {

  private static final int HISTORIES = 500;

  private static final Db DB = Db.installed("histories");
  private static final HikariDataSource POOL = pool();
  private static final Sightings SIGHTINGS = new Sightings();

  private static HikariDataSource pool() {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(DB.dataSource());
    pool.setMaximumPoolSize(20);
    return pool;
  }

  @Property(tries = HISTORIES)
  void theStoreDoesWhatTheModelDoes(@ForAll("histories") History history) {
    PostgresQueue queue =
        PostgresQueue.builder(POOL).schema(DB.schema()).notifications(false).build();
    try (PostgresHarness store = new PostgresHarness(DB, queue)) {
      history.playOn(store, SIGHTINGS::add);
    }
    SIGHTINGS.played();
  }

  @Provide
  Arbitrary<History> histories() {
    return History.any();
  }

  @AfterContainer
  static void enoughWasSeen() {
    POOL.close();
    System.out.println(SIGHTINGS);
    SIGHTINGS.areEnough(HISTORIES);
  }
}
