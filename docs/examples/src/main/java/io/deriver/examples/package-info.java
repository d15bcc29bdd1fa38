/** The code samples of the documentation. */
@NullMarked
package io.deriver.examples;

import org.jspecify.annotations.NullMarked;
