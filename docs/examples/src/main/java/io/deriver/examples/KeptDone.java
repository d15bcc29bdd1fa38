package io.deriver.examples;

import static io.deriver.examples.Host.SUMMARY;

import io.deriver.jdbc.DoneItem;
import io.deriver.jdbc.PostgresQueue;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** A queue that keeps what has ended. */
final class KeptDone {

  private KeptDone() {}

  static PostgresQueue build(DataSource dataSource) {
    // docs:start keep-done
    PostgresQueue queue =
        PostgresQueue.builder(dataSource).keepDone(Duration.ofDays(30)).installSchema().build();
    // docs:end
    return queue;
  }

  static List<DoneItem> last(PostgresQueue queue) {
    // docs:start done
    List<DoneItem> last = queue.operations().done(SUMMARY, "conversation:42", 20);
    // docs:end
    return last;
  }
}
