/** How deriver talks to Postgres. No API: it changes without notice. */
@NullMarked
package io.deriver.jdbc.internal;

import org.jspecify.annotations.NullMarked;
