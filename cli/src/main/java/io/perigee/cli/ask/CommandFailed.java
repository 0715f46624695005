package io.perigee.cli.ask;

import io.perigee.common.ExitCode;

/** Ends a command with one message for the person who typed it, without a stack trace. */
public final class CommandFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  /** Ends with {@link ExitCode#FAILED}. */
  public CommandFailed(String message) {
    this(message, ExitCode.FAILED);
  }

  public CommandFailed(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
