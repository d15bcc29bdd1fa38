package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Guards that the default answer shows a wrong key and a missing, doubled or swapped message. */
class PromptDigestTest {

  private static final List<String> MESSAGES = List.of("ann: hi", "bob: yes", "ann: bye");
  private static final PromptDigest RIGHT = PromptDigest.of("chat:1", MESSAGES);

  @Test
  void readsKeyAndMessagesFromAPrompt() {
    assertThat(PromptDigest.of("Summarise.\n\nKEY = chat:1\nann: hi\n\n bob: yes\nann: bye\n"))
        .isEqualTo(RIGHT);
    assertThat(RIGHT.summary())
        .startsWith("Summary of chat:1: 3 messages, first \"ann: hi\", last \"ann: bye\", digest ");
  }

  @Test
  void differsWhenAnythingDiffers() {
    assertThat(
            List.of(
                PromptDigest.of("chat:2", MESSAGES).summary(),
                PromptDigest.of("chat:1", List.of("ann: hi", "ann: bye")).summary(),
                PromptDigest.of("chat:1", List.of("ann: hi", "bob: no", "ann: bye")).summary(),
                PromptDigest.of("chat:1", List.of("ann: hi", "bob: yes", "bob: yes", "ann: bye"))
                    .summary(),
                PromptDigest.of("chat:1", List.of("bob: yes", "ann: hi", "ann: bye")).summary()))
        .doesNotContain(RIGHT.summary())
        .doesNotHaveDuplicates();
  }

  @Test
  void takesEveryLineForAMessageWithoutAKey() {
    assertThat(PromptDigest.of("one\ntwo"))
        .isEqualTo(PromptDigest.of("unknown", List.of("one", "two")));
    assertThat(PromptDigest.of("")).isEqualTo(PromptDigest.of("unknown", List.of()));
  }
}
