/** Fakes that hang, stores to test on and assertions. */
@NullMarked
package io.deriver.testkit;

import org.jspecify.annotations.NullMarked;
