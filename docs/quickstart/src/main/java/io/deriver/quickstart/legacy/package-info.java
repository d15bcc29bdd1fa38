/** The pool of the outage and its well-known repair, on tables of their own. Not to be copied. */
@NullMarked
package io.deriver.quickstart.legacy;

import org.jspecify.annotations.NullMarked;
