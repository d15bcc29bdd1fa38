@NullMarked
package io.deriver.internal.failure;

import org.jspecify.annotations.NullMarked;
