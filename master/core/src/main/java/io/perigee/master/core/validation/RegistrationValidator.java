package io.perigee.master.core.validation;

import io.perigee.common.Checked;
import io.perigee.link.Register;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.model.Identifiers;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what an agent says of itself makes sense. Agents of ours never say anything else; what is
 * let in here ends up in the master's books.
 */
public final class RegistrationValidator {
  private RegistrationValidator() {}

  /** What is wrong with a registration, for the agent's log. */
  public static Optional<String> problem(Register message) {
    String agentId = message.getAgentInfo().getId().getValue();
    if (message.getAgentInfo().hasId()) {
      Optional<String> malformed = Identifiers.problem(agentId);
      if (malformed.isPresent()) {
        return malformed.map(problem -> "agent id: " + problem);
      }
    } else if (message.getTasksCount() > 0 || message.getExecutorsCount() > 0) {
      return Optional.of("an agent without an id cannot have tasks or executors");
    }
    return frameworksProblem(message.getFrameworksList())
        .or(() -> tasksProblem(message.getTasksList(), agentId))
        .or(() -> executorsProblem(message.getExecutorsList()));
  }

  private static Optional<String> frameworksProblem(List<FrameworkInfo> frameworks) {
    Set<String> ids = new HashSet<>();
    for (FrameworkInfo framework : frameworks) {
      String id = framework.getId().getValue();
      Optional<String> malformed = Identifiers.problem(id);
      if (malformed.isPresent()) {
        return malformed.map(problem -> "framework id: " + problem);
      }
      if (!ids.add(id)) {
        return Optional.of("framework " + id + " is named twice");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> tasksProblem(List<Task> tasks, String agentId) {
    Set<List<String>> ids = new HashSet<>();
    for (Task task : tasks) {
      String id = task.getTaskId().getValue();
      String frameworkId = task.getFrameworkId().getValue();
      Optional<String> malformed =
          Identifiers.problem(id).or(() -> Identifiers.problem(frameworkId));
      if (malformed.isPresent()) {
        return malformed.map(problem -> "task: " + problem);
      }
      if (!ids.add(List.of(frameworkId, id))) {
        return Optional.of("task " + id + " of framework " + frameworkId + " is named twice");
      }
      if (!task.getAgentId().getValue().equals(agentId)) {
        return Optional.of("task " + id + " is of agent " + task.getAgentId().getValue());
      }
      if (ResourceWire.read(task.getResourcesList())
          instanceof Checked.Invalid<Resources>(String problem)) {
        return Optional.of("task " + id + ": " + problem);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> executorsProblem(List<ExecutorInfo> executors) {
    Set<List<String>> ids = new HashSet<>();
    for (ExecutorInfo executor : executors) {
      String id = executor.getExecutorId().getValue();
      String frameworkId = executor.getFrameworkId().getValue();
      Optional<String> malformed =
          Identifiers.problem(id).or(() -> Identifiers.problem(frameworkId));
      if (malformed.isPresent()) {
        return malformed.map(problem -> "executor: " + problem);
      }
      if (!ids.add(List.of(frameworkId, id))) {
        return Optional.of("executor " + id + " of framework " + frameworkId + " is named twice");
      }
      if (ResourceWire.read(executor.getResourcesList())
          instanceof Checked.Invalid<Resources>(String problem)) {
        return Optional.of("executor " + id + ": " + problem);
      }
    }
    return Optional.empty();
  }
}
