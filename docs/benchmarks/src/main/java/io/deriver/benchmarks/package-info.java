/** What the library costs, beside a hand-written floor and a peer. */
@NullMarked
package io.deriver.benchmarks;

import org.jspecify.annotations.NullMarked;
