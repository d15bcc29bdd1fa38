package io.deriver.recipes;

/**
 * A field of a table of what frees what.
 *
 * @param client the row's first column
 * @param way what is done to the hung call: the row's second column
 * @param shape how it hangs: the column
 */
record Cell(String client, String way, String shape) {

  static final String INTERRUPT = "interrupt";
  static final String RECIPE = "recipe, as the pool ends it";
}
