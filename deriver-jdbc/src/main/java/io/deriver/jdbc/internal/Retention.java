package io.deriver.jdbc.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * For how long what has ended is kept.
 *
 * @param deadLetters null for ever
 * @param done null where nothing is kept of it
 */
public record Retention(@Nullable Duration deadLetters, @Nullable Duration done) {

  boolean keepsDone() {
    return done != null;
  }
}
