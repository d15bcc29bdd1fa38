package io.deriver.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Guards that texts fit where they are kept. */
class TextsTest {

  @Test
  void aTextThatFitsIsLeftAsItIs() {
    assertThat(Texts.clean("", 0)).isEmpty();
    assertThat(Texts.clean("four", 4)).isEqualTo("four");
  }

  @Test
  void oneThatIsTooLongIsCutAndSaysSo() {
    assertThat(Texts.clean("0123456789012345", 15)).isEqualTo("012345... [cut]");
  }

  @Test
  void whatPostgresRejectsIsReplaced() {
    assertThat(Texts.clean("\0a\0", 10)).isEqualTo("\uFFFDa\uFFFD");
    assertThat(Texts.clean("a\0", 10)).isEqualTo("a\uFFFD");
  }

  @Test
  void aLineIsALine() {
    assertThat(Texts.printable("a\nb\tc")).isEqualTo("a?b?c");
  }
}
