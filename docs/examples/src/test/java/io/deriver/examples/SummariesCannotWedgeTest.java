package io.deriver.examples;

import io.deriver.ItemType;
import io.deriver.testkit.catalogue.HangingProvider;
import io.deriver.testkit.net.LoopbackTls;
import io.deriver.testkit.regression.DeadlockRegressionTest;
import io.deriver.testkit.regression.Trial;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Timeout;

/** Guards that the ten lines that the page shows are a test, and pass. */
@Timeout(120)
// docs:start deadlock-test
class SummariesCannotWedgeTest {
  static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  @DeadlockRegressionTest
  void noHangWedgesThePool(HangingProvider provider, Trial trial) {
    HttpClient http =
        HttpClient.newBuilder().sslContext(LoopbackTls.shared().clientContext()).build();
    trial.of(SUMMARY, "hello", new HttpSummaries(http, provider.baseUrl()));
  }
}
// docs:end
