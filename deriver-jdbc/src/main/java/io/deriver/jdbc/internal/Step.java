package io.deriver.jdbc.internal;

import io.deriver.spi.CompletionStep;
import java.sql.Connection;
import java.util.Objects;

/** A completion step on Postgres: what to do on the transaction's connection. */
public record Step(Work work) implements CompletionStep {

  public Step {
    Objects.requireNonNull(work, "step");
  }

  /** The host's code. */
  @FunctionalInterface
  public interface Work {
    void on(Connection connection) throws Exception;
  }
}
