package io.deriver.testkit.llm;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A resolver that asks for a host once at a time, as the JDK's does: the first caller waits for an
 * answer that never comes, all others for the first one's lock. Neither wait heeds interrupts.
 */
final class LookupTrap implements ThreadTrap {

  private final ReentrantLock lookup = new ReentrantLock();
  private final SemaphoreTrap answer = new SemaphoreTrap();

  @Override
  public void enter() {
    lookup.lock();
    try {
      answer.enter();
    } finally {
      lookup.unlock();
    }
  }

  @Override
  public void open() {
    answer.open();
  }
}
