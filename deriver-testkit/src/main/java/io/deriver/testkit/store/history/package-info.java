/**
 * Random histories of a store, checked against one model of what a store is: for tests of stores
 * with jqwik, beside the contract's examples.
 */
@NullMarked
package io.deriver.testkit.store.history;

import org.jspecify.annotations.NullMarked;
