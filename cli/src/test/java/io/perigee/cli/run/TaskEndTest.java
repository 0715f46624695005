package io.perigee.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskEndTest {

  @ParameterizedTest
  @CsvSource({
    "TASK_FINISHED, Command exited with status 0, 0, true",
    "TASK_FAILED, Command exited with status 42, 42, true",
    "TASK_FAILED, Command terminated with signal Killed, 137, false",
    "TASK_FAILED, Command terminated with signal Segmentation fault (core dumped), 139, false",
    "TASK_FAILED, Command terminated with signal User defined signal 2, 140, false",
    "TASK_FAILED, Command terminated with signal Real-time signal 3, 1, false",
    "TASK_LOST, , 1, false",
  })
  void theExitCodeIsThatOfAShell(TaskState state, String message, int code, boolean isExit) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder().setTaskId(TaskID.newBuilder().setValue("t")).setState(state);
    if (message != null) {
      status.setMessage(message);
    }
    TaskEnd end = TaskEnd.of(status.build());
    assertThat(end.exitCode()).isEqualTo(code);
    assertThat(end.isExit()).isEqualTo(isExit);
  }
}
