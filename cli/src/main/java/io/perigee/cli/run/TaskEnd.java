package io.perigee.cli.run;

import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.SignalNames;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a command task ended.
 *
 * @param exitCode of its command; 128 + number for a signal, as shells have it; 1 if it never ran
 * @param isExit whether the command itself ended with that code
 * @param text for a person
 */
record TaskEnd(int exitCode, boolean isExit, String text) {
  /** The text of the command executor of Mesos: src/launcher/executor.cpp. */
  private static final Pattern EXITED = Pattern.compile("Command exited with status (\\d+)");

  private static final Pattern SIGNALED = Pattern.compile("Command terminated with signal (.+)");

  private static final int SIGNAL_BASE = 128;

  static TaskEnd of(TaskStatus status) {
    String text = status.getState() + (status.hasMessage() ? ": " + status.getMessage() : "");
    if (status.getState() == TaskState.TASK_FINISHED) {
      return new TaskEnd(0, true, text);
    }
    Matcher exited = EXITED.matcher(status.getMessage());
    if (exited.find()) {
      return new TaskEnd(Integer.parseInt(exited.group(1)), true, text);
    }
    Matcher signaled = SIGNALED.matcher(status.getMessage());
    if (signaled.find()) {
      int number = SignalNames.numberOf(signaled.group(1));
      return new TaskEnd(number == 0 ? 1 : SIGNAL_BASE + number, false, text);
    }
    return new TaskEnd(1, false, text);
  }
}
