package io.deriver.recipes;

import io.deriver.RunContext;
import java.util.ArrayList;
import java.util.List;

/**
 * A client: how it is usually called, what of it can be closed, and its recipe.
 *
 * @param closes the names under which the usual call offers what closes it
 */
record Client(String name, List<String> closes, Usual usual, Recipe recipe) {

  private static final String FIRST = "hello";

  /** All that is done to its calls, in the order of the page's rows. */
  List<String> ways() {
    List<String> ways = new ArrayList<>(closes);
    ways.add(0, Cell.INTERRUPT);
    ways.add(Cell.RECIPE);
    return ways;
  }

  /**
   * One call each way that is answered, so that those that are measured load no classes: an
   * interrupt in the midst of that would be seen by the read that comes after it.
   */
  void warmUp() throws Exception {
    usual.call("SELECT 1", new Handles());
    String unused = recipe.call("SELECT 1", new EndedRun());
  }

  /** The same, each call after another one on the same client. */
  Client reused() {
    return new Client(
        name,
        closes,
        usual.reused(),
        (id, run) -> {
          String unused = recipe.call(FIRST, run);
          return recipe.call(id, run);
        });
  }

  /** The client without any precaution. */
  @FunctionalInterface
  interface Usual {
    /** Makes it, and offers what closes it as a whole. */
    Asking open(Handles handles);

    default void call(String id, Handles handles) throws Exception {
      open(handles).ask(id, handles);
    }

    /** The same, each call after another one on the same client. */
    default Usual reused() {
      return handles -> {
        Asking client = open(handles);
        return (id, ofCall) -> {
          client.ask(FIRST, new Handles());
          client.ask(id, ofCall);
        };
      };
    }
  }

  /** A call of it. */
  @FunctionalInterface
  interface Asking {
    /** Calls, and offers what closes the call. */
    void ask(String id, Handles handles) throws Exception;
  }

  /** The call that the documentation advises. */
  @FunctionalInterface
  interface Recipe {
    String call(String id, RunContext run) throws Exception;
  }
}
