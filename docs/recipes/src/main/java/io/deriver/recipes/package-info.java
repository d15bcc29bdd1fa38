/**
 * How to let go of a call that hangs, a class for each client. See docs/letting-go.md. They are
 * there to be copied one by one: that is why the two transports say the same in the types of two
 * SDKs.
 */
@NullMarked
package io.deriver.recipes;

import org.jspecify.annotations.NullMarked;
