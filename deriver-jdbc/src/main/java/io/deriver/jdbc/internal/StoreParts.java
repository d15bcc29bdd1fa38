package io.deriver.jdbc.internal;

import io.deriver.Codecs;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * What a queue and the nodes of its store have in common.
 *
 * @param host where steps and enqueues get their connections
 * @param control where the duties get theirs
 */
public record StoreParts(
    DataSource host,
    DataSource control,
    SchemaName schema,
    boolean notifications,
    Codecs codecs,
    Hints hints,
    Tx tx) {

  /** The limit of a call on the host's own thread: enqueueing, operators' calls. */
  private static final Duration HOST_LIMIT = Duration.ofSeconds(30);

  public StoreParts(
      DataSource host,
      DataSource control,
      SchemaName schema,
      boolean notifications,
      Codecs codecs) {
    this(
        host,
        control,
        schema,
        notifications,
        codecs,
        new Hints(),
        Tx.limited(HOST_LIMIT, HOST_LIMIT));
  }

  boolean shared() {
    return host == control;
  }
}
