/** The check of what was written, in SQL, against the input. */
@NullMarked
package io.deriver.quickstart.verify;

import org.jspecify.annotations.NullMarked;
