package io.perigee.common;

/**
 * How Perigee's programs end, besides 0 for success and a task's own exit code from {@code perigee
 * run}.
 */
public final class ExitCode {
  /** It ran and did not succeed. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was started. */
  public static final int USAGE = 2;

  /**
   * An invariant broke or the journal failed: EX_SOFTWARE of sysexits.h. A supervisor starts the
   * program again.
   */
  public static final int BROKEN = 70;

  private ExitCode() {}
}
