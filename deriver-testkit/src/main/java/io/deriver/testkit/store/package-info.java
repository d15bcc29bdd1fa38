/** A store in memory, and a wrapper that makes any store fail, hang or lose answers. */
@NullMarked
package io.deriver.testkit.store;

import org.jspecify.annotations.NullMarked;
