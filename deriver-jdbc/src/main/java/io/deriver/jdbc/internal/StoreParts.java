package io.deriver.jdbc.internal;

import io.deriver.Codecs;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * What a queue and the nodes of its store have in common.
 *
 * @param callTimeout the limit of a call on the host's own thread: enqueueing, operators' calls
 * @param prepares whether the driver may prepare the library's statements on the server
 * @param retention how long what has ended is kept
 * @param host where steps and enqueues get their connections
 * @param control where the duties get theirs
 */
public record StoreParts(
    DataSource host,
    DataSource control,
    SchemaName schema,
    boolean notifications,
    Codecs codecs,
    Duration callTimeout,
    boolean prepares,
    Retention retention,
    Hints hints,
    Tx tx) {

  public StoreParts(
      DataSource host,
      DataSource control,
      SchemaName schema,
      boolean notifications,
      Codecs codecs,
      Duration callTimeout,
      boolean prepares,
      Retention retention) {
    this(
        host,
        control,
        schema,
        notifications,
        codecs,
        callTimeout,
        prepares,
        retention,
        new Hints(),
        Tx.limited(callTimeout, callTimeout, callTimeout.multipliedBy(2)).keeping(retention));
  }

  boolean shared() {
    return host == control;
  }
}
