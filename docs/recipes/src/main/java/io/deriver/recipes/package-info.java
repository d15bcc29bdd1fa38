/** How to let go of a call that hangs, a class for each client. See docs/letting-go.md. */
@NullMarked
package io.deriver.recipes;

import org.jspecify.annotations.NullMarked;
