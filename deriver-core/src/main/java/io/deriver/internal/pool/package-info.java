/**
 * The rooms of a pool, one for each duty. The names of the files are the list of what a pool does.
 */
@NullMarked
package io.deriver.internal.pool;

import org.jspecify.annotations.NullMarked;
