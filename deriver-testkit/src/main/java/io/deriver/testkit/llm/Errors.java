package io.deriver.testkit.llm;

/** Throws the Errors that code under a pool has been seen to throw. */
final class Errors {

  private Errors() {}

  static void raise(ThreadHang shape) {
    switch (shape) {
      case STACK_OVERFLOW -> throw new IllegalStateException("unreachable: depth " + recurse(1));
      case OUT_OF_MEMORY -> throw new OutOfMemoryError("scripted: Java heap space");
      case LINKAGE -> throw new NoClassDefFoundError("scripted/NoSuchSdkClass");
      default -> throw new IllegalArgumentException(shape + " throws no Error");
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static long recurse(long depth) {
    return 1 + recurse(depth + 1);
  }
}
