package io.deriver.testkit.store;

import io.deriver.testkit.store.history.History;
import io.deriver.testkit.store.history.Sightings;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** Guards that whatever happens in whatever order, the store in memory does what the model does. */
class InMemoryHistoriesTest {

  private static final int HISTORIES = 1_500;

  private static final Sightings SIGHTINGS = new Sightings();

  @Property(tries = HISTORIES)
  void theStoreDoesWhatTheModelDoes(@ForAll("histories") History history) {
    try (InMemoryHarness store = new InMemoryHarness()) {
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
    System.out.println(SIGHTINGS);
    SIGHTINGS.areEnough(HISTORIES);
  }
}
