/** What happened, as the host itself wrote it down. */
@NullMarked
package io.deriver.soak.ledger;

import org.jspecify.annotations.NullMarked;
