package io.deriver.quickstart.legacy;

import io.deriver.quickstart.SummaryRow;
import io.deriver.quickstart.data.Message;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work on one claimed conversation: from its messages to its summary. */
final class Unit {

  private static final Logger LOG = LoggerFactory.getLogger(Unit.class);

  private final LegacyQueue queue;
  private final Call call;

  Unit(LegacyQueue queue, Call call) {
    this.queue = queue;
    this.call = call;
  }

  /** Works what is pending of the conversation, and gives its claim up. */
  void work(String conversation) {
    try {
      try {
        List<Message> messages = queue.pending(conversation);
        if (!messages.isEmpty()) {
          String text = call.summarize(conversation, messages);
          queue.finish(SummaryRow.of(conversation, messages, 0, text));
        }
      } finally {
        queue.release(conversation);
      }
    } catch (Exception e) {
      LOG.debug("{} failed; it is still pending and will be claimed again", conversation, e);
    }
  }

  /** How a summary is waited for. */
  @FunctionalInterface
  interface Call {
    String summarize(String conversation, List<Message> messages) throws Exception;
  }
}
