package io.perigee.agent.core;

import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.common.unit.Durations;
import io.perigee.mesos.v1.Environment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Environment variables of executors and tasks. Pure. Source: executorEnvironment in
 * mesos/src/slave/slave.cpp.
 */
final class ExecutorEnvironment {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** For how long executors of checkpointing frameworks wait for their agent: Mesos' defaults. */
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(15);

  private static final Duration SUBSCRIPTION_BACKOFF_MAX = Duration.ofSeconds(2);

  private ExecutorEnvironment() {}

  static Map<String, String> ofExecutor(Agent agent, ExecutorRun executor) {
    Map<String, String> variables = base(agent, executor, executor.directory);
    add(executor.info.getCommand().getEnvironment(), variables);
    return variables;
  }

  static Map<String, String> ofTask(Agent agent, TaskRun task, ContainerRun container) {
    Map<String, String> variables = base(agent, task.executor, container.directory);
    variables.put("MESOS_TASK_ID", task.id());
    variables.put("MESOS_ALLOCATION_ROLE", LaunchPlans.allocationRole(task.resources));
    if (task.executor.kind == ExecutorKind.DEFAULT) {
      variables.put("MESOS_CONTAINER_IP", agent.config.ip());
    }
    add(task.info.getCommand().getEnvironment(), variables);
    return variables;
  }

  private static Map<String, String> base(Agent agent, ExecutorRun executor, String directory) {
    AgentConfig config = agent.config;
    String endpoint = config.ip() + ":" + config.info().getPort();
    boolean checkpoint = executor.framework.info.getCheckpoint();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", DEFAULT_PATH);
    variables.putAll(config.executorEnvironment());
    variables.put("LIBPROCESS_IP", config.ip());
    variables.put("LIBPROCESS_PORT", "0");
    variables.put("MESOS_FRAMEWORK_ID", executor.framework.id());
    variables.put("MESOS_EXECUTOR_ID", executor.id());
    variables.put("MESOS_SLAVE_ID", agent.id);
    variables.put("MESOS_DIRECTORY", directory);
    variables.put("MESOS_SANDBOX", directory);
    variables.put("MESOS_SLAVE_PID", "slave(1)@" + endpoint);
    variables.put("MESOS_AGENT_ENDPOINT", endpoint);
    variables.put("MESOS_CHECKPOINT", checkpoint ? "1" : "0");
    variables.put("MESOS_HTTP_COMMAND_EXECUTOR", "0");
    variables.put(
        "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD",
        Durations.print(Duration.ofNanos(Shutdowns.graceNanos(agent, executor))));
    if (checkpoint) {
      variables.put("MESOS_RECOVERY_TIMEOUT", Durations.print(RECOVERY_TIMEOUT));
      variables.put("MESOS_SUBSCRIPTION_BACKOFF_MAX", Durations.print(SUBSCRIPTION_BACKOFF_MAX));
    }
    return variables;
  }

  private static void add(Environment environment, Map<String, String> variables) {
    for (Environment.Variable variable : environment.getVariablesList()) {
      if (variable.hasValue()) {
        variables.put(variable.getName(), variable.getValue());
      } else if (variable.getSecret().hasValue()) {
        variables.put(variable.getName(), variable.getSecret().getValue().getData().toStringUtf8());
      }
    }
  }
}
