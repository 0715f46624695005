package io.perigee.endtoend.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where Perigee answers otherwise than the recorded Mesos, and why. {@link GoldenReplayIT} fails
 * for a difference that is not here, and for one here that is none any more.
 */
final class AllowedDifferences {
  private AllowedDifferences() {}

  /**
   * @param exchange name of the recording
   * @param difference as {@link Subscription} or {@link Replayer} tells it
   */
  record Allowed(String exchange, String difference, String reason) {}

  private static final String OPERATIONS = "operations on reservations and volumes are not built";

  private static final String FEW_FLAGS =
      "there are fewer flags: the answer is below the 1,024 bytes from which on both compress";

  private static final String CHECKPOINT =
      "a field of the old messages that Mesos prints with its default; v1 has none of that name";
  private static final String PROCESSES = "there is no libprocess; each daemon is one process";

  private static final String EARLY_NETWORK =
      "recorded both ways: sched-subscribe-json has the network of a group's tasks from the start";

  private static final String METRICS =
      "what they count is not built, or is built otherwise (libprocess, the registrar's log)";
  private static final String HEALTH = "health checks are not built";

  static final List<Allowed> ALL =
      List.of(
              allowed(
                  "sched-subscribe-json",
                  OPERATIONS,
                  "no UPDATE_OPERATION_STATUS sched-op-reserve OPERATION_FINISHED",
                  "also UPDATE_OPERATION_STATUS sched-op-reserve OPERATION_ERROR",
                  "no OFFERS of cpus disk disk(reserved) mem ports",
                  "no UPDATE_OPERATION_STATUS sched-op-create OPERATION_FINISHED",
                  "also UPDATE_OPERATION_STATUS sched-op-create OPERATION_ERROR",
                  "no OFFERS of cpus disk disk(reserved)(volume) mem ports",
                  "no UPDATE t-vol TASK_STARTING SOURCE_EXECUTOR",
                  "no UPDATE t-vol TASK_RUNNING SOURCE_EXECUTOR",
                  "no UPDATE t-vol TASK_FINISHED SOURCE_EXECUTOR",
                  "also UPDATE t-vol TASK_ERROR REASON_TASK_INVALID",
                  "no UPDATE_OPERATION_STATUS sched-op-destroy OPERATION_FINISHED",
                  "also UPDATE_OPERATION_STATUS sched-op-destroy OPERATION_ERROR",
                  "no UPDATE_OPERATION_STATUS sched-op-unreserve OPERATION_FINISHED",
                  "also UPDATE_OPERATION_STATUS sched-op-unreserve OPERATION_ERROR"),
              allowed(
                  "sched-subscribe-json",
                  HEALTH,
                  "no UPDATE t-long TASK_RUNNING REASON_TASK_HEALTH_CHECK_STATUS_UPDATED"),
              allowed(
                  "sched-subscribe-json",
                  "resources are printed in the order of their names here, and there in the order"
                      + " in which they were last added",
                  "UPDATE t-toomuch TASK_ERROR REASON_TASK_INVALID: $.update.status.message says [Total resources"
                      + " cpus(allocated: golden):1000; mem(allocated: golden):32 required by task"
                      + " and its executor is more than available cpus(allocated: golden):4;"
                      + " mem(allocated: golden):4096; disk(allocated: golden):8192;"
                      + " ports(allocated: golden):[31000-32000]], not [Total resources"
                      + " cpus(allocated: golden):1000; mem(allocated: golden):32 required by task"
                      + " and its executor is more than available ports(allocated: golden):"
                      + "[31000-32000]; cpus(allocated: golden):4; mem(allocated: golden):4096;"
                      + " disk(allocated: golden):8192]"),
              allowed(
                  "sched-subscribe-json",
                  OPERATIONS,
                  "UPDATE_OPERATION_STATUS sched-op-unreserve-invalid OPERATION_ERROR:"
                      + " $.update_operation_status.status.message says [UNRESERVE is not"
                      + " supported by this version], not [ports(allocated:"
                      + " golden):[31000-32000]; cpus(allocated: golden):4; mem(allocated:"
                      + " golden):4096; disk(allocated: golden):8192 does not contain"
                      + " disk(allocated: golden)(reservations:"
                      + " [(DYNAMIC,golden,golden-principal,{k: v})]):64]"),
              allowed("master-err-gzip", FEW_FLAGS, "content-encoding is 'null', not 'gzip'"),
              allowed(
                  "master-get_agents",
                  CHECKPOINT,
                  "$.get_agents.agents[].agent_info.checkpoint is missing"),
              allowed(
                  "master-get_state",
                  CHECKPOINT,
                  "$.get_state.get_agents.agents[].agent_info.checkpoint is missing"),
              allowed(
                  "master-subscribe-events-json",
                  CHECKPOINT,
                  "SUBSCRIBED: $.subscribed.get_state.get_agents.agents[].agent_info.checkpoint is"
                      + " missing"),
              allowed(
                  "master-subscribe-events-json",
                  EARLY_NETWORK,
                  "TASK_UPDATED ops-g TASK_STARTING: $.task_updated.status.container_status"
                      + ".network_infos is new"),
              allowed(
                  "master-pb-subscribe-events",
                  EARLY_NETWORK,
                  "TASK_UPDATED ops-g TASK_STARTING: $.task_updated.status.container_status"
                      + ".network_infos is new"),
              allowed(
                  "sched-subscribe-during-ops",
                  EARLY_NETWORK,
                  "UPDATE ops-g TASK_STARTING SOURCE_EXECUTOR: $.update.status.container_status"
                      + ".network_infos is new"),
              allowed(
                  "master-legacy-__processes__",
                  PROCESSES,
                  "$[].id says [master], not [__http__(6)]"),
              allowed(
                  "agent-legacy-__processes__",
                  PROCESSES,
                  "$[].id says [slave(1)], not [__http__(6)]"),
              allowed(
                  "agent-legacy-metrics-snapshot",
                  "images and recovery have no metrics; tasks that are dropped have one here",
                  "$.containerizer/mesos/provisioner/bind/remove_rootfs_errors is missing",
                  "$.containerizer/mesos/provisioner/remove_container_errors is missing",
                  "$.slave/recovery_time_secs is missing",
                  "$.slave/tasks_dropped is new"),
              allowed("master-legacy-metrics-snapshot", METRICS, metricsNotBuilt()),
              allowed("master-legacy-metrics-timeout", METRICS, metricsNotBuilt()))
          .stream()
          .flatMap(List::stream)
          .toList();

  private static List<Allowed> allowed(String exchange, String reason, String... differences) {
    return Stream.of(differences)
        .map(difference -> new Allowed(exchange, difference, reason))
        .toList();
  }

  /** One for each line of a file of names. */
  private static String[] metricsNotBuilt() {
    try (InputStream names =
        AllowedDifferences.class.getResourceAsStream("metrics-not-built.txt")) {
      return new String(names.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(name -> "$." + name + " is missing")
          .toArray(String[]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> of(String exchange) {
    return ALL.stream()
        .filter(a -> a.exchange().equals(exchange))
        .map(Allowed::difference)
        .collect(Collectors.toSet());
  }

  /**
   * Whether an event is known not to come.
   *
   * @param key of {@link EventKey}
   */
  static boolean isMissing(String stream, String key) {
    return of(stream).contains("no " + key);
  }
}
