/** The Postgres that is measured, and what it runs on. */
@NullMarked
package io.deriver.benchmarks.server;

import org.jspecify.annotations.NullMarked;
