package io.deriver.recipes;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is made when it is first asked for. Thread-safe. */
final class Lazily<T> implements Supplier<T> {

  private final Supplier<T> maker;
  private @Nullable T made;

  Lazily(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public synchronized T get() {
    T known = made;
    if (known == null) {
      known = maker.get();
      made = known;
    }
    return known;
  }
}
