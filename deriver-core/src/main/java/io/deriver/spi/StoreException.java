package io.deriver.spi;

import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked; the message says what and what to do about it. */
public class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
