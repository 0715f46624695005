package io.perigee.endtoend.clients;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** avmesos of PyPI against {@code perigee local}, with tasks that fetch what they run. */
@Tag("network")
class AvmesosIT {
  private static final int TASKS = 50;

  @TempDir Path folder;

  @Test
  void fiftyCommandTasksFetchTheirProgramAndRunIt() throws Exception {
    ClientProgram avmesos = new ClientProgram("avmesos", folder);
    try (LocalPerigee perigee = new LocalPerigee()) {
      List<String> lines =
          avmesos.run(
              avmesos.installed("bin/python"),
              avmesos.source("framework.py"),
              perigee.master(),
              Integer.toString(TASKS));

      Updates.assertEachTask(
          lines, "command", TASKS, "TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED");
    }
  }
}
