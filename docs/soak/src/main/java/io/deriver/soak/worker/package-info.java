/** The process that works: a pool, its processor, and its entries in the ledger. */
@NullMarked
package io.deriver.soak.worker;

import org.jspecify.annotations.NullMarked;
