@NullMarked
package io.deriver.testkit.catalogue;

import org.jspecify.annotations.NullMarked;
