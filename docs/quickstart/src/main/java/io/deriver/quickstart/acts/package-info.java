/** The three acts, and what was seen in each. */
@NullMarked
package io.deriver.quickstart.acts;

import org.jspecify.annotations.NullMarked;
