package io.deriver.soak.judge;

import java.util.List;

/** One promise, looked for in the ledger. A pure function. */
@FunctionalInterface
interface Rule {
  List<Violation> violations(Book book);
}
