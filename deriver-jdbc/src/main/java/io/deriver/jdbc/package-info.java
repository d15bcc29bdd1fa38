/**
 * deriver on Postgres. {@link io.deriver.jdbc.PostgresQueue} is what a host enqueues with and
 * operates by, and where its pools get their store; the other types are what it takes and answers.
 */
@NullMarked
package io.deriver.jdbc;

import org.jspecify.annotations.NullMarked;
