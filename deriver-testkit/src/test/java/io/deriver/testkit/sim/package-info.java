/** Pools on simulated time: hours of their life in seconds. */
@NullMarked
package io.deriver.testkit.sim;

import org.jspecify.annotations.NullMarked;
