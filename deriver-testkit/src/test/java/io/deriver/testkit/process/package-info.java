@NullMarked
package io.deriver.testkit.process;

import org.jspecify.annotations.NullMarked;
