/** deriver on Postgres. */
@NullMarked
package io.deriver.jdbc;

import org.jspecify.annotations.NullMarked;
