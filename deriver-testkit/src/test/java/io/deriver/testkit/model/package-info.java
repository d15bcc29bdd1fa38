/** The protocol between nodes and store, small enough that every order of events can be tried. */
@org.jspecify.annotations.NullMarked
package io.deriver.testkit.model;
