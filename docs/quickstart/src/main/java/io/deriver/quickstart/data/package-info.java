/** The conversations, and which of their messages are poisoned. */
@NullMarked
package io.deriver.quickstart.data;

import org.jspecify.annotations.NullMarked;
