package io.deriver.testkit.llm;

/** Lets those inside go whenever it is told to, and keeps those who come after. */
final class LateTrap implements ThreadTrap {

  private SwallowingTrap current = new SwallowingTrap();
  private boolean open;

  @Override
  public void enter() {
    now().enter();
  }

  @Override
  public synchronized SwallowingTrap now() {
    return current;
  }

  synchronized void letInsideGo() {
    SwallowingTrap before = current;
    if (!open) {
      current = new SwallowingTrap();
    }
    before.open();
  }

  @Override
  public synchronized void open() {
    open = true;
    current.open();
  }
}
