package io.perigee.agent.daemon;

import io.perigee.common.option.Option;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionType;
import io.perigee.common.unit.DataSize;
import io.perigee.endpoints.DurationRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agent's options, with Mesos' names and defaults where Mesos has them. */
public final class AgentOptions {
  private static final String NETWORK = "Network";
  private static final String RESOURCES_GROUP = "Resources";
  private static final String TASKS = "Tasks";
  private static final String FETCHER = "Fetcher";
  private static final String FILES = "Files";
  private static final String SECURITY = "Security";

  public static final Option<String> MASTER =
      text("master", NETWORK, null, "The master, as host:port. Required.");
  public static final Option<String> IP =
      text("ip", NETWORK, null, "Address to listen on. Default: that of this host's name.");
  public static final Option<Integer> PORT =
      new Option<>(
          "port",
          OptionType.integer(0, 65535),
          NETWORK,
          5051,
          "Port to listen on; 0 takes any free one.");
  public static final Option<String> HOSTNAME =
      text(
          "hostname",
          NETWORK,
          null,
          "Name of this machine in offers; frameworks and browsers must be able to resolve it."
              + " Default: the address.");
  public static final Option<Duration> REGISTRATION_BACKOFF_FACTOR =
      new Option<>(
          "registration_backoff_factor",
          DurationRange.of(Duration.ofMillis(1), Duration.ofDays(1)),
          NETWORK,
          Duration.ofSeconds(1),
          "Longest wait before the first try to come back to a master, doubled with each further"
              + " one up to a minute.");
  public static final Option<String> RESOURCES =
      new Option<>(
          "resources",
          OptionType.PAIRS,
          RESOURCES_GROUP,
          null,
          "What this machine gives: name(role):value joined by ;, or an array of Resource objects"
              + " in JSON. cpus, mem, disk and ports are detected if they are not named.");
  public static final Option<String> DEFAULT_ROLE =
      text(
          "default_role",
          RESOURCES_GROUP,
          "*",
          "Role to which resources are reserved that name none; * leaves them to everybody.");
  public static final Option<String> ATTRIBUTES =
      new Option<>(
          "attributes",
          OptionType.PAIRS,
          RESOURCES_GROUP,
          null,
          "Facts that frameworks choose by: name:value joined by ;.");
  public static final Option<Boolean> SWITCH_USER =
      new Option<>(
          "switch_user",
          OptionType.BOOLEAN,
          TASKS,
          true,
          "Whether tasks run as their framework's user; an agent that is not root runs them as its"
              + " own.");
  public static final Option<String> EXECUTOR_ENVIRONMENT =
      new Option<>(
          "executor_environment_variables",
          OptionType.JSON_TEXTS,
          TASKS,
          null,
          "Variables that every task gets: an object of texts in JSON.");
  public static final Option<Duration> EXECUTOR_REGISTRATION_TIMEOUT =
      new Option<>(
          "executor_registration_timeout",
          DurationRange.of(Duration.ofMillis(1), Duration.ofDays(1)),
          TASKS,
          Duration.ofMinutes(1),
          "Time that an executor may take from its launch to its SUBSCRIBE.");
  public static final Option<Duration> EXECUTOR_SHUTDOWN_GRACE_PERIOD =
      new Option<>(
          "executor_shutdown_grace_period",
          DurationRange.of(Duration.ZERO, Duration.ofDays(1)),
          TASKS,
          Duration.ofSeconds(5),
          "Time to end for executors, and for tasks whose framework is shut down.");
  public static final Option<Boolean> CGROUPS_ENABLE_CFS =
      new Option<>(
          "cgroups_enable_cfs",
          OptionType.BOOLEAN,
          TASKS,
          false,
          "Whether cpus are an upper bound too, not only a share.");
  public static final Option<String> CGROUPS_ROOT =
      text("cgroups_root", TASKS, "perigee", "Name of the cgroup below which tasks have theirs.");
  public static final Option<Path> FRAMEWORKS_HOME =
      new Option<>(
          "frameworks_home",
          OptionType.PATH,
          FETCHER,
          null,
          "Directory below which relative paths of URIs are. Default: they are refused.");
  public static final Option<Duration> FETCHER_STALL_TIMEOUT =
      new Option<>(
          "fetcher_stall_timeout",
          DurationRange.of(Duration.ofMillis(1), Duration.ofDays(1)),
          FETCHER,
          Duration.ofMinutes(1),
          "A download that brings nothing more for so long is given up, and its task fails.");
  public static final Option<DataSize> FETCHER_CACHE_SIZE =
      new Option<>(
          "fetcher_cache_size",
          OptionType.SIZE,
          FETCHER,
          new DataSize(2L << 30),
          "What is kept of URIs that ask for the cache; those used longest ago go first.");
  public static final Option<Path> FETCHER_CACHE_DIR =
      new Option<>(
          "fetcher_cache_dir",
          OptionType.PATH,
          FETCHER,
          null,
          "Directory of the cache, for this agent alone. Default: below the work_dir.");
  public static final Option<Path> WORK_DIR =
      new Option<>(
          "work_dir",
          OptionType.PATH,
          FILES,
          null,
          "Directory for sandboxes and the agent's own files. Required.");
  public static final Option<Duration> GC_DELAY =
      new Option<>(
          "gc_delay",
          DurationRange.of(Duration.ZERO, Duration.ofDays(36_500)),
          FILES,
          Duration.ofDays(7),
          "Sandboxes are deleted this long after their end, sooner when the disk is full.");
  public static final Option<Duration> DISK_WATCH_INTERVAL =
      new Option<>(
          "disk_watch_interval",
          DurationRange.of(Duration.ofMillis(1), Duration.ofDays(1)),
          FILES,
          Duration.ofMinutes(1),
          "How often the disk is looked at and old sandboxes are deleted.");
  public static final Option<Integer> MAX_COMPLETED_EXECUTORS =
      new Option<>(
          "max_completed_executors_per_framework",
          OptionType.integer(0, 1_000_000),
          FILES,
          150,
          "Executors shown after their end.");
  public static final Option<Path> TLS_CERT_FILE =
      path(
          "tls_cert_file",
          "Certificate chain in PEM; with it the port speaks TLS only. Read again when it changes.");
  public static final Option<Path> TLS_KEY_FILE =
      path("tls_key_file", "Private key in PEM, PKCS #8.");
  public static final Option<Path> TLS_CA_FILE =
      path(
          "tls_ca_file",
          "Authorities in PEM that the master's certificate is checked with. With it the master is"
              + " reached over TLS, and the agent shows its own certificate there.");

  public static final Option<Path> LOG_DIR =
      new Option<>(
          "log_dir",
          OptionType.PATH,
          FILES,
          null,
          "Directory for the log, besides stderr; clients read it as /slave/log.");

  public static final OptionTable TABLE =
      new OptionTable(
          List.of(
              OptionTable.CONFIG,
              MASTER,
              IP,
              PORT,
              HOSTNAME,
              REGISTRATION_BACKOFF_FACTOR,
              RESOURCES,
              DEFAULT_ROLE,
              ATTRIBUTES,
              SWITCH_USER,
              EXECUTOR_ENVIRONMENT,
              EXECUTOR_REGISTRATION_TIMEOUT,
              EXECUTOR_SHUTDOWN_GRACE_PERIOD,
              CGROUPS_ENABLE_CFS,
              CGROUPS_ROOT,
              FRAMEWORKS_HOME,
              FETCHER_STALL_TIMEOUT,
              FETCHER_CACHE_SIZE,
              FETCHER_CACHE_DIR,
              WORK_DIR,
              GC_DELAY,
              DISK_WATCH_INTERVAL,
              LOG_DIR,
              MAX_COMPLETED_EXECUTORS,
              TLS_CERT_FILE,
              TLS_KEY_FILE,
              TLS_CA_FILE));

  private AgentOptions() {}

  private static Option<String> text(
      String name, String group, @Nullable String value, String meaning) {
    return new Option<>(name, OptionType.TEXT, group, value, meaning);
  }

  private static Option<Path> path(String name, String meaning) {
    return new Option<>(name, OptionType.PATH, SECURITY, null, meaning);
  }
}
