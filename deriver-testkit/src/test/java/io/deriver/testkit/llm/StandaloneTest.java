package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.internal.Checks;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the fake server needs no test framework and no log: only itself and Jackson. */
@Timeout(180)
class StandaloneTest {

  @Test
  void servesWhereThereIsNothingElse() throws Exception {
    URL[] only =
        Stream.of(
                Standalone.class,
                FakeLlmServer.class,
                Checks.class,
                ObjectMapper.class,
                JsonFactory.class,
                Class.forName("com.fasterxml.jackson.annotation.JsonValue"))
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    try (URLClassLoader alone = new URLClassLoader(only, ClassLoader.getPlatformClassLoader())) {
      for (String absent :
          new String[] {Test.class.getName(), "org.slf4j.Logger", "org.assertj.core.api.Assert"}) {
        assertThatThrownBy(() -> alone.loadClass(absent))
            .isInstanceOf(ClassNotFoundException.class);
      }
      alone
          .loadClass(Standalone.class.getName())
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    }
  }
}
