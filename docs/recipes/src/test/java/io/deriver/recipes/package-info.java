/** What frees what, measured; and each recipe on a pool, against calls that hang. */
@NullMarked
package io.deriver.recipes;

import org.jspecify.annotations.NullMarked;
