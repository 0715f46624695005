package io.perigee.model;

import java.util.List;

/** What strsignal(3) of glibc says on Linux; Mesos shows these texts for a task that was killed. */
public final class SignalNames {
  private static final List<String> NAMES =
      List.of(
          "Hangup",
          "Interrupt",
          "Quit",
          "Illegal instruction",
          "Trace/breakpoint trap",
          "Aborted",
          "Bus error",
          "Floating point exception",
          "Killed",
          "User defined signal 1",
          "Segmentation fault",
          "User defined signal 2",
          "Broken pipe",
          "Alarm clock",
          "Terminated",
          "Stack fault",
          "Child exited",
          "Continued",
          "Stopped (signal)",
          "Stopped",
          "Stopped (tty input)",
          "Stopped (tty output)",
          "Urgent I/O condition",
          "CPU time limit exceeded",
          "File size limit exceeded",
          "Virtual timer expired",
          "Profiling timer expired",
          "Window changed",
          "I/O possible",
          "Power failure",
          "Bad system call");

  /** First of the signals without a name of their own, as glibc counts them. */
  private static final int FIRST_REAL_TIME = 34;

  private static final int LAST_REAL_TIME = 64;

  private SignalNames() {}

  /** The text for a signal's number on Linux. */
  public static String of(int signal) {
    if (signal >= 1 && signal <= NAMES.size()) {
      return NAMES.get(signal - 1);
    }
    return signal >= FIRST_REAL_TIME && signal <= LAST_REAL_TIME
        ? "Real-time signal " + (signal - FIRST_REAL_TIME)
        : "Unknown signal " + signal;
  }

  /** The number of a signal whose text the given one begins with; 0 if it is none. */
  public static int numberOf(String beginning) {
    for (int signal = 1; signal <= NAMES.size(); signal++) {
      if (beginning.startsWith(NAMES.get(signal - 1))) {
        return signal;
      }
    }
    return 0;
  }
}
