package io.perigee.endtoend.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** pymesos of PyPI against {@code perigee local}. */
@Tag("network")
class PymesosIT {
  private static final int TASKS = 50;

  @TempDir Path folder;

  private List<String> run(String framework) throws Exception {
    ClientProgram pymesos = new ClientProgram("pymesos", folder);
    try (LocalPerigee perigee = new LocalPerigee()) {
      return pymesos.run(
          pymesos.installed("bin/python"),
          pymesos.source(framework),
          perigee.master(),
          Integer.toString(TASKS));
    }
  }

  @Test
  void fiftyCommandTasksRunAndEachUpdateArrivesOnce() throws Exception {
    Updates.assertEachTask(
        run("framework.py"), "command", TASKS, "TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED");
  }

  @Test
  void fiftyTasksOfExecutorsRunAndEachSendsOneMessage() throws Exception {
    List<String> lines = run("executors.py");

    Updates.assertEachTask(lines, "task", TASKS, "TASK_RUNNING", "TASK_FINISHED");
    for (int i = 0; i < TASKS; i++) {
      assertThat(lines).containsOnlyOnce("{\"message\": \"task-" + i + "\"}");
      assertThat(lines)
          .as("the executor's own data")
          .contains(
              "{\"task\": \"task-%d\", \"state\": \"TASK_FINISHED\", \"data\": \"task-%d\", \"message\": \"\"}"
                  .formatted(i, i));
    }
  }
}
