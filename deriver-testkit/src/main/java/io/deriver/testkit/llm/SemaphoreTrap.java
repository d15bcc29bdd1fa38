package io.deriver.testkit.llm;

import java.util.concurrent.Semaphore;

/** A pool of no connections, whose borrowers wait uninterruptibly. */
final class SemaphoreTrap implements ThreadTrap {

  private final Semaphore connections = new Semaphore(0);

  @Override
  public void enter() {
    connections.acquireUninterruptibly();
    connections.release();
  }

  @Override
  public void open() {
    connections.release();
  }
}
