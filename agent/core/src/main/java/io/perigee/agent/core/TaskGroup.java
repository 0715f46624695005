package io.perigee.agent.core;

import java.util.ArrayList;
import java.util.List;

/** Tasks that were launched together. Owned by the loop. */
final class TaskGroup {
  final List<TaskRun> tasks = new ArrayList<>();

  /** True once one of them failed or was killed, and the others follow. */
  boolean isEnding;
}
