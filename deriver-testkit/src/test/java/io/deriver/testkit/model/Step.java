package io.deriver.testkit.model;

/**
 * One thing that can happen.
 *
 * @param fault whether it is a fault: nobody may rely on it to come to an end
 */
record Step(String what, boolean fault, World next) {}
