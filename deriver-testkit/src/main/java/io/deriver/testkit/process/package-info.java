/**
 * Processes of a test's own: {@link io.deriver.testkit.process.JavaProcess} starts a main class in
 * a JVM of its own, tells it lines, waits for its lines, kills it, stops it and lets it go on;
 * {@link io.deriver.testkit.process.Supervisor} starts another when one has died, as a container
 * platform does. They know no pool and need no test framework.
 */
@NullMarked
package io.deriver.testkit.process;

import org.jspecify.annotations.NullMarked;
