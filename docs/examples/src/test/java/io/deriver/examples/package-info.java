/** Keeps the documentation true: its samples compile and run, its tables and links hold. */
@NullMarked
package io.deriver.examples;

import org.jspecify.annotations.NullMarked;
