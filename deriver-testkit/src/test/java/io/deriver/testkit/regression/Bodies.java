package io.deriver.testkit.regression;

/** What clients ask. */
final class Bodies {

  private Bodies() {}

  static String of(String prompt, boolean stream) {
    return "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(stream, prompt);
  }
}
