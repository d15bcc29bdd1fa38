package io.deriver.benchmarks.snapshot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** What happens around the calls of an object's methods. */
@FunctionalInterface
interface Around {

  /** Goes on to the object itself, or not. */
  @Nullable Object call(Method method, Object @Nullable [] arguments, Target target)
      throws Throwable;

  /** The object's own method. */
  @FunctionalInterface
  interface Target {
    @Nullable Object call() throws Throwable;
  }

  /** The object, with this around it. */
  static <T> T of(Class<T> type, T object, Around around) {
    return type.cast(
        Proxy.newProxyInstance(
            Around.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                around.call(method, arguments, () -> own(object, method, arguments))));
  }

  private static @Nullable Object own(Object object, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(object, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
