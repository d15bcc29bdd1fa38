/**
 * Every way to hang that the testkit can make, as a list to read and to play: {@link
 * io.deriver.testkit.catalogue.HangShape}.
 */
@org.jspecify.annotations.NullMarked
package io.deriver.testkit.catalogue;
