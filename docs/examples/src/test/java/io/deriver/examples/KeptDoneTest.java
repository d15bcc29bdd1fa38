package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.jdbc.DoneItem;
import io.deriver.jdbc.PostgresQueue;
import org.junit.jupiter.api.Test;

/** Guards that the sample of the history does what the page says. */
class KeptDoneTest {

  @Test
  void whatEndedIsFound() throws Exception {
    try (Database database = new Database()) {
      PostgresQueue queue = KeptDone.build(database.dataSource());
      queue.enqueue(Item.of(Host.SUMMARY, "conversation:42", "hello"));
      assertThat(KeptDone.last(queue)).isEmpty();

      assertThat(Samples.cancelPending(queue)).isEqualTo(1);

      assertThat(KeptDone.last(queue))
          .singleElement()
          .extracting(DoneItem::how)
          .isEqualTo(DoneItem.How.CANCELLED);
    }
  }
}
