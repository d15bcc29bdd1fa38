package io.deriver.soak.faults;

import io.deriver.soak.ledger.Fault;
import java.time.Duration;

/**
 * A fault to come.
 *
 * @param at when, from the start
 * @param worker which, from 0
 * @param lasts how long a process stands still or a commit is held; zero for others
 * @param pick which statement, or which server processes: any number, of which the rest counts
 */
public record PlannedFault(Duration at, Fault fault, int worker, Duration lasts, int pick) {}
