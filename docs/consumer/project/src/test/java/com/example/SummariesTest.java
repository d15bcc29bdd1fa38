package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.llm.FakeLlmServer;
import org.junit.jupiter.api.Test;

class SummariesTest {
  @Test
  void starts() {
    try (FakeLlmServer server = new FakeLlmServer().start()) {
      assertThat(server.baseUrl()).startsWith("http://127.0.0.1:");
    }
  }
}
