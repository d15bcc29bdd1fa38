package io.deriver.testkit.regression;

/**
 * One thing that is wrong, and what would mend it.
 *
 * @param what what was seen, a sentence or two
 * @param hint which timeout would have ended it, which handle would free it, or what else to change
 * @param stack where the threads were, a frame a line; empty where that says nothing
 */
public record Finding(Fault fault, String what, String hint, String stack) {}
