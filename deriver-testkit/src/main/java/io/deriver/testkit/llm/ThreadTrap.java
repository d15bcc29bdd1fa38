package io.deriver.testkit.llm;

/** Keeps threads until it is opened, then never again. Thread-safe. */
interface ThreadTrap {

  /** Returns once the trap is open. */
  void enter() throws InterruptedException;

  /** What keeps a call that comes now: what is let go from now on lets it go, too. */
  default ThreadTrap now() {
    return this;
  }

  /** Lets all go, those who come later too. Never blocks. */
  void open();
}
