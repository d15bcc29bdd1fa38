/** The conversations, and which of them are poisoned. */
@NullMarked
package io.deriver.quickstart.data;

import org.jspecify.annotations.NullMarked;
