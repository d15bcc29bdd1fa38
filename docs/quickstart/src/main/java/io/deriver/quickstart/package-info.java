/** A small host service: the outage replayed, repaired the well-known way, and survived. */
@NullMarked
package io.deriver.quickstart;

import org.jspecify.annotations.NullMarked;
