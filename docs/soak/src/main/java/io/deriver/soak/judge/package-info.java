/** Whether what was promised was kept: a pure function over the ledger. */
@NullMarked
package io.deriver.soak.judge;

import org.jspecify.annotations.NullMarked;
