@NullMarked
package io.deriver.internal;

import org.jspecify.annotations.NullMarked;
