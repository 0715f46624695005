package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.FileCalls;
import io.perigee.endpoints.MetricsJson;
import io.perigee.mesos.v1.FileInfo;
import io.perigee.mesos.v1.Flag;
import io.perigee.mesos.v1.agent.Response;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the operator API answers to calls that read. Source: mesos/src/slave/http.cpp. */
final class OperatorReads {
  private final ContainerReads containers;
  private final Function<AgentSnapshot, Map<String, Double>> metrics;
  private final Map<String, String> flags;
  private final Build build;

  /**
   * @param metrics all of the agent's own
   */
  OperatorReads(
      ContainerReads containers,
      Function<AgentSnapshot, Map<String, Double>> metrics,
      Map<String, String> flags,
      Build build) {
    this.containers = containers;
    this.metrics = metrics;
    this.flags = flags;
    this.build = build;
  }

  private static Response.Builder of(Response.Type type) {
    return Response.newBuilder().setType(type);
  }

  Response health() {
    return of(Response.Type.GET_HEALTH)
        .setGetHealth(Response.GetHealth.newBuilder().setHealthy(true))
        .build();
  }

  Response flags() {
    Response.GetFlags.Builder all = Response.GetFlags.newBuilder();
    flags.forEach((name, value) -> all.addFlags(Flag.newBuilder().setName(name).setValue(value)));
    return of(Response.Type.GET_FLAGS).setGetFlags(all).build();
  }

  Response version() {
    return of(Response.Type.GET_VERSION)
        .setGetVersion(Response.GetVersion.newBuilder().setVersionInfo(build.message()))
        .build();
  }

  Response metrics(AgentSnapshot snapshot) {
    return of(Response.Type.GET_METRICS)
        .setGetMetrics(
            Response.GetMetrics.newBuilder()
                .addAllMetrics(MetricsJson.messages(metrics.apply(snapshot))))
        .build();
  }

  /**
   * @param level may be below 0, which the message has no place for: then it is a large number
   */
  Response loggingLevel(int level) {
    return of(Response.Type.GET_LOGGING_LEVEL)
        .setGetLoggingLevel(Response.GetLoggingLevel.newBuilder().setLevel(level))
        .build();
  }

  Response files(List<FileInfo> entries) {
    return of(Response.Type.LIST_FILES)
        .setListFiles(Response.ListFiles.newBuilder().addAllFileInfos(entries))
        .build();
  }

  Response file(FileCalls.Reading.Piece piece) {
    return of(Response.Type.READ_FILE)
        .setReadFile(Response.ReadFile.newBuilder().setSize(piece.size()).setData(piece.data()))
        .build();
  }

  Response state(AgentSnapshot snapshot) {
    return of(Response.Type.GET_STATE).setGetState(AgentMessages.state(snapshot)).build();
  }

  Response containers(AgentSnapshot snapshot, boolean showNested) {
    Response.GetContainers.Builder all = Response.GetContainers.newBuilder();
    containers.of(snapshot, showNested).forEach(entry -> all.addContainers(entry.container()));
    return of(Response.Type.GET_CONTAINERS).setGetContainers(all).build();
  }

  Response frameworks(AgentSnapshot snapshot) {
    return of(Response.Type.GET_FRAMEWORKS)
        .setGetFrameworks(AgentMessages.frameworks(snapshot))
        .build();
  }

  Response executors(AgentSnapshot snapshot) {
    return of(Response.Type.GET_EXECUTORS)
        .setGetExecutors(AgentMessages.executors(snapshot))
        .build();
  }

  Response operations() {
    return of(Response.Type.GET_OPERATIONS)
        .setGetOperations(Response.GetOperations.getDefaultInstance())
        .build();
  }

  Response tasks(AgentSnapshot snapshot) {
    return of(Response.Type.GET_TASKS).setGetTasks(AgentMessages.tasks(snapshot)).build();
  }

  Response agent(AgentSnapshot snapshot) {
    return of(Response.Type.GET_AGENT)
        .setGetAgent(Response.GetAgent.newBuilder().setAgentInfo(snapshot.info()))
        .build();
  }

  Response resourceProviders() {
    return of(Response.Type.GET_RESOURCE_PROVIDERS)
        .setGetResourceProviders(Response.GetResourceProviders.getDefaultInstance())
        .build();
  }
}
