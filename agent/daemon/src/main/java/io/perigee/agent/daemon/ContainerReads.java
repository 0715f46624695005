package io.perigee.agent.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.agent.containers.ContainerStatistics;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.agent.core.AgentSnapshot.ExecutorKind;
import io.perigee.agent.core.AgentSnapshot.ExecutorState;
import io.perigee.agent.core.AgentSnapshot.TaskContainer;
import io.perigee.common.Checked;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.ContainerStatus;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.ResourceStatistics;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.agent.Response.GetContainers.Container;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The containers with what they use, for GET_CONTAINERS, {@code /containers} and {@code
 * /monitor/statistics}. Reads files of the kernel. Source: Http::__containers in
 * mesos/src/slave/http.cpp.
 */
final class ContainerReads {
  private static final double NANOS = 1e9;
  private static final long BYTES_IN_MEGABYTE = 1L << 20;

  private final Function<String, Optional<ContainerStatistics>> usage;

  /**
   * @param usage what a container uses now, by its id; empty if that cannot be told
   */
  ContainerReads(Function<String, Optional<ContainerStatistics>> usage) {
    this.usage = usage;
  }

  /**
   * A container.
   *
   * @param source that of its executor; empty if it has none
   */
  record Entry(Container container, String source) {

    /** An element of {@code /monitor/statistics}, or of {@code /containers}. */
    void write(boolean withContainer, JsonGenerator out) throws IOException {
      out.writeStartObject();
      if (withContainer) {
        out.writeStringField("container_id", container.getContainerId().getValue());
      }
      out.writeStringField("executor_id", container.getExecutorId().getValue());
      out.writeStringField("executor_name", container.getExecutorName());
      out.writeStringField("framework_id", container.getFrameworkId().getValue());
      out.writeStringField("source", source);
      if (container.hasResourceStatistics()) {
        out.writeFieldName("statistics");
        MesosJson.V1.write(container.getResourceStatistics(), out);
      }
      if (withContainer) {
        out.writeFieldName("status");
        MesosJson.V1.write(container.getContainerStatus(), out);
      }
      out.writeEndObject();
    }
  }

  /** Those of executors that are not gone; first all executors', then their tasks'. */
  List<Entry> of(AgentSnapshot snapshot, boolean showNested) {
    List<Entry> entries = new ArrayList<>();
    List<Entry> nested = new ArrayList<>();
    for (AgentSnapshot.Framework framework : snapshot.frameworks()) {
      for (AgentSnapshot.Executor executor : framework.executors()) {
        if (executor.state() != ExecutorState.TERMINATED) {
          entries.add(entry(snapshot, framework.info(), executor));
          if (showNested) {
            executor.taskContainers().forEach(task -> nested.add(nested(snapshot, executor, task)));
          }
        }
      }
    }
    entries.addAll(nested);
    return entries;
  }

  /** Whether there is such a container, of an executor or of a task in one. */
  static boolean isKnown(AgentSnapshot snapshot, ContainerID id) {
    return snapshot.frameworks().stream()
        .flatMap(framework -> framework.executors().stream())
        .filter(executor -> executor.state() != ExecutorState.TERMINATED)
        .anyMatch(executor -> {
          ContainerID own = ContainerID.newBuilder().setValue(executor.containerId()).build();
          return id.equals(own)
              || (id.getParent().equals(own)
                  && executor.taskContainers().stream()
                      .anyMatch(task -> task.containerId().equals(id.getValue())));
        });
  }

  private Entry entry(
      AgentSnapshot snapshot, FrameworkInfo framework, AgentSnapshot.Executor executor) {
    ContainerID id = ContainerID.newBuilder().setValue(executor.containerId()).build();
    Container.Builder container =
        Container.newBuilder()
            .setFrameworkId(framework.getId())
            .setExecutorId(executor.info().getExecutorId())
            .setExecutorName(executor.name())
            .setContainerId(id)
            .setContainerStatus(status(id, executor.pid()));
    Optional<ContainerStatistics> used =
        executor.kind() == ExecutorKind.DEFAULT
            ? ofAll(executor.taskContainers())
            : usage.apply(executor.containerId());
    used.ifPresent(statistics ->
        container.setResourceStatistics(statistics(snapshot, statistics, executor.resources())));
    return new Entry(container.build(), executor.source());
  }

  /** An executor without a process of its own is as large as its tasks. */
  private Optional<ContainerStatistics> ofAll(List<TaskContainer> tasks) {
    return tasks.stream()
        .flatMap(task -> usage.apply(task.containerId()).stream())
        .reduce((a, b) ->
            new ContainerStatistics(
                a.userNanos() + b.userNanos(),
                a.systemNanos() + b.systemNanos(),
                a.memoryBytes() + b.memoryBytes(),
                a.rssBytes() + b.rssBytes(),
                a.processes() + b.processes()));
  }

  /** Without its parent's id in the first place, which stands in the status alone: as recorded. */
  private Entry nested(
      AgentSnapshot snapshot, AgentSnapshot.Executor executor, TaskContainer task) {
    ContainerID id = ContainerID.newBuilder().setValue(task.containerId()).build();
    ContainerID parent = ContainerID.newBuilder().setValue(executor.containerId()).build();
    Container.Builder container =
        Container.newBuilder()
            .setContainerId(id)
            .setContainerStatus(status(id.toBuilder().setParent(parent).build(), task.pid()));
    usage
        .apply(task.containerId())
        .ifPresent(statistics ->
            container.setResourceStatistics(
                statistics(snapshot, statistics, resources(executor, task.taskId()))));
    return new Entry(container.build(), "");
  }

  private static Resources resources(AgentSnapshot.Executor executor, String taskId) {
    for (Task task : executor.launchedTasks()) {
      if (task.getTaskId().getValue().equals(taskId)
          && ResourceWire.read(task.getResourcesList())
              instanceof Checked.Valid<Resources>(Resources resources)) {
        return resources;
      }
    }
    return Resources.EMPTY;
  }

  private static ContainerStatus status(ContainerID id, long pid) {
    ContainerStatus.Builder status = ContainerStatus.newBuilder().setContainerId(id);
    if (pid != 0) {
      status.setExecutorPid((int) pid);
    }
    return status.build();
  }

  private static ResourceStatistics statistics(
      AgentSnapshot snapshot, ContainerStatistics used, Resources resources) {
    double cpus = resources.thousandths("cpus") / 1000.0;
    long memory = resources.thousandths("mem") * BYTES_IN_MEGABYTE / 1000;
    return ResourceStatistics.newBuilder()
        .setTimestamp(snapshot.takenNanos() / NANOS)
        .setProcesses(used.processes())
        .setCpusUserTimeSecs(used.userNanos() / NANOS)
        .setCpusSystemTimeSecs(used.systemNanos() / NANOS)
        .setCpusLimit(cpus)
        .setCpusSoftLimit(cpus)
        .setMemTotalBytes(used.memoryBytes())
        .setMemLimitBytes(memory)
        .setMemSoftLimitBytes(memory)
        .setMemRssBytes(used.rssBytes())
        .build();
  }

  /** Whether a container is one of those that the query parameters name, if they name any. */
  static boolean isWanted(
      Container container,
      @Nullable String containerId,
      @Nullable String frameworkId,
      @Nullable String executorId) {
    return isWanted(container.getContainerId().getValue(), containerId)
        && isWanted(container.getFrameworkId().getValue(), frameworkId)
        && isWanted(container.getExecutorId().getValue(), executorId);
  }

  private static boolean isWanted(String id, @Nullable String wanted) {
    return wanted == null || wanted.equals(id);
  }
}
