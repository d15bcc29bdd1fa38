package io.deriver.testkit.llm;

/** Keeps threads until it is opened, then never again. Thread-safe. */
interface ThreadTrap {

  /** Returns once the trap is open. */
  void enter() throws InterruptedException;

  /** Lets all go, those who come later too. Never blocks. */
  void open();
}
