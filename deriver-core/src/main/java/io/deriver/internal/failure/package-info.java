/** What the exceptions of clients say of a provider's answer. */
@NullMarked
package io.deriver.internal.failure;

import org.jspecify.annotations.NullMarked;
