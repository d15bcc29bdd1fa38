package io.deriver.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards that the recipes still bring the answer when nothing hangs. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecipesAnswerTest {

  private final HangingServer server = new HangingServer();
  private final EndedRun run = new EndedRun();

  @AfterAll
  void close() {
    server.close();
  }

  List<Client> clients() {
    return Clients.at(server.url());
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theAnswerComes(Client client) throws Exception {
    assertThat(client.recipe().call("hello from ann", run)).contains("hello");
    assertThat(run.registered()).as("what is left registered").isZero();
  }
}
