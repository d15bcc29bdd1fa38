package io.deriver.testkit.regression;

import java.io.Serial;

/** A shape cannot be made on this system. */
final class StageUnavailableException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  StageUnavailableException(String why, Throwable cause) {
    super(why, cause);
  }
}
