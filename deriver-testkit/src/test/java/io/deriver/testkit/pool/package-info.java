@NullMarked
package io.deriver.testkit.pool;

import org.jspecify.annotations.NullMarked;
