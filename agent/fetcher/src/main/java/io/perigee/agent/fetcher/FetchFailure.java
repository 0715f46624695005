package io.perigee.agent.fetcher;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** Why something cannot be fetched, in words for the task's owner. */
final class FetchFailure extends IOException {
  private static final long serialVersionUID = 1;

  FetchFailure(String message) {
    super(message);
  }

  FetchFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * The reason that an exception gives. Names of files are left out: those made of a URI's query
   * may hold secrets.
   */
  static String why(Throwable failure) {
    if (failure instanceof FileSystemException file) {
      return file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
