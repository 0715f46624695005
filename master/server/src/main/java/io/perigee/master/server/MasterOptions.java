package io.perigee.master.server;

import io.perigee.common.Checked;
import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionType;
import io.perigee.common.option.OptionValues;
import io.perigee.endpoints.DurationRange;
import io.perigee.master.core.MasterConfig;
import io.perigee.master.core.allocation.AllocatorConfig;
import io.perigee.master.core.allocation.MinAllocatable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The master's options, with Mesos' names and defaults where Mesos has them. */
public final class MasterOptions {
  /** A thousand of these, the most pings in a row, and the time of day fit into nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(30);

  private static final String NETWORK = "Network";
  private static final String CLUSTER = "Cluster";
  private static final String OFFERS = "Offers";
  private static final String HISTORY = "History";
  private static final String SECURITY = "Security";
  private static final String LOG = "Log";

  public static final Option<String> IP =
      text("ip", NETWORK, null, "Address to listen on. Default: that of this host's name.");
  public static final Option<Integer> PORT =
      new Option<>(
          "port",
          OptionType.integer(0, 65535),
          NETWORK,
          5050,
          "Port to listen on; 0 takes any free one.");
  public static final Option<String> HOSTNAME =
      text(
          "hostname",
          NETWORK,
          null,
          "Name under which frameworks and browsers reach this master. Default: the address.");
  public static final Option<String> CLUSTER_NAME =
      text("cluster", CLUSTER, null, "Name of the cluster, for people.");
  public static final Option<Duration> AGENT_PING_TIMEOUT =
      duration(
          "agent_ping_timeout",
          CLUSTER,
          Duration.ofMillis(10),
          Duration.ofSeconds(15),
          "An agent that says nothing for this long is pinged.");
  public static final Option<Integer> MAX_AGENT_PING_TIMEOUTS =
      new Option<>(
          "max_agent_ping_timeouts",
          OptionType.integer(1, 1000),
          CLUSTER,
          5,
          "Pings in a row that may stay unanswered before an agent is unreachable.");
  public static final Option<Duration> AGENT_REREGISTER_TIMEOUT =
      duration(
          "agent_reregister_timeout",
          CLUSTER,
          Duration.ofMillis(10),
          Duration.ofMinutes(10),
          "A disconnected agent that is not back after this long is unreachable.");
  public static final Option<String> ROLES =
      text("roles", CLUSTER, null, "The only roles that frameworks may have, separated by commas.");
  public static final Option<Boolean> ROOT_SUBMISSIONS =
      new Option<>(
          "root_submissions",
          OptionType.BOOLEAN,
          CLUSTER,
          true,
          "Whether frameworks may run tasks as root.");
  public static final Option<Duration> ALLOCATION_INTERVAL =
      duration(
          "allocation_interval",
          OFFERS,
          Duration.ZERO,
          Duration.ofSeconds(1),
          "Resources that a framework refused are not offered to it again before this.");
  public static final Option<Duration> OFFER_TIMEOUT =
      new Option<>(
          "offer_timeout",
          DurationRange.of(Duration.ofMillis(1), LONGEST),
          OFFERS,
          null,
          "Offers that are not answered in time are taken back. Default: never.");
  public static final Option<String> MIN_ALLOCATABLE_RESOURCES =
      text(
          "min_allocatable_resources",
          OFFERS,
          "cpus:0.01|mem:32",
          "The least that is worth an offer: alternatives separated by |.");
  public static final Option<Boolean> FILTER_GPU_RESOURCES =
      new Option<>(
          "filter_gpu_resources",
          OptionType.BOOLEAN,
          OFFERS,
          true,
          "Offers agents with GPUs only to frameworks that know GPUs.");
  public static final Option<String> FAIR_SHARING_EXCLUDED =
      text(
          "fair_sharing_excluded_resource_names",
          OFFERS,
          null,
          "Resources that do not count towards shares, separated by commas.");
  public static final Option<Integer> MAX_COMPLETED_FRAMEWORKS =
      count("max_completed_frameworks", 50, "Frameworks remembered after their end.");
  public static final Option<Integer> MAX_COMPLETED_TASKS =
      count("max_completed_tasks_per_framework", 1000, "Tasks remembered after their end.");
  public static final Option<Integer> MAX_UNREACHABLE_TASKS =
      count(
          "max_unreachable_tasks_per_framework",
          1000,
          "Tasks remembered while their agent is away.");
  public static final Option<Path> TLS_CERT_FILE =
      new Option<>(
          "tls_cert_file",
          OptionType.PATH,
          SECURITY,
          null,
          "Certificate chain in PEM; with it the port speaks TLS only. Read again when it changes.");
  public static final Option<Path> TLS_KEY_FILE =
      new Option<>("tls_key_file", OptionType.PATH, SECURITY, null, "Private key in PEM, PKCS #8.");
  public static final Option<Path> TLS_CA_FILE =
      new Option<>(
          "tls_ca_file",
          OptionType.PATH,
          SECURITY,
          null,
          "Authorities in PEM; with it every client must show a certificate of theirs.");

  public static final Option<Path> LOG_DIR =
      new Option<>(
          "log_dir",
          OptionType.PATH,
          LOG,
          null,
          "Directory for the log, besides stderr; clients read it as /master/log.");

  public static final OptionTable TABLE =
      new OptionTable(
          List.of(
              OptionTable.CONFIG,
              IP,
              PORT,
              HOSTNAME,
              CLUSTER_NAME,
              AGENT_PING_TIMEOUT,
              MAX_AGENT_PING_TIMEOUTS,
              AGENT_REREGISTER_TIMEOUT,
              ROLES,
              ROOT_SUBMISSIONS,
              ALLOCATION_INTERVAL,
              OFFER_TIMEOUT,
              MIN_ALLOCATABLE_RESOURCES,
              FILTER_GPU_RESOURCES,
              FAIR_SHARING_EXCLUDED,
              MAX_COMPLETED_FRAMEWORKS,
              MAX_COMPLETED_TASKS,
              MAX_UNREACHABLE_TASKS,
              TLS_CERT_FILE,
              TLS_KEY_FILE,
              TLS_CA_FILE,
              LOG_DIR));

  private MasterOptions() {}

  private static Option<String> text(
      String name, String group, @Nullable String value, String meaning) {
    return new Option<>(name, OptionType.TEXT, group, value, meaning);
  }

  private static Option<Duration> duration(
      String name, String group, Duration least, Duration value, String meaning) {
    return new Option<>(name, DurationRange.of(least, LONGEST), group, value, meaning);
  }

  private static Option<Integer> count(String name, int value, String meaning) {
    return new Option<>(name, OptionType.integer(0, 1_000_000), HISTORY, value, meaning);
  }

  /**
   * The core's part of the options.
   *
   * @param problems receives what the types alone could not tell
   */
  static MasterConfig config(OptionValues values, String masterId, long seed, Problems problems) {
    Checked<MinAllocatable> least = MinAllocatable.parse(values.get(MIN_ALLOCATABLE_RESOURCES));
    if (least instanceof Checked.Invalid<MinAllocatable>(String problem)) {
      problems.add(values.named(MIN_ALLOCATABLE_RESOURCES) + ": " + problem);
    }
    AllocatorConfig allocator =
        new AllocatorConfig(
            values.get(ALLOCATION_INTERVAL).toNanos(),
            AllocatorConfig.defaults().coalesceNanos(),
            least instanceof Checked.Valid<MinAllocatable>(MinAllocatable value)
                ? value
                : AllocatorConfig.defaults().minAllocatable(),
            values.get(FILTER_GPU_RESOURCES),
            names(values, FAIR_SHARING_EXCLUDED));
    return new MasterConfig(
        masterId,
        seed,
        values.get(AGENT_PING_TIMEOUT),
        values.get(MAX_AGENT_PING_TIMEOUTS),
        values.get(AGENT_REREGISTER_TIMEOUT),
        values.find(OFFER_TIMEOUT),
        values.get(MAX_COMPLETED_FRAMEWORKS),
        values.get(MAX_COMPLETED_TASKS),
        values.get(MAX_UNREACHABLE_TASKS),
        values.get(ROOT_SUBMISSIONS),
        values.find(ROLES) == null ? null : names(values, ROLES),
        allocator);
  }

  private static Set<String> names(OptionValues values, Option<String> option) {
    String text = values.find(option);
    Set<String> names = new LinkedHashSet<>();
    if (text != null) {
      Arrays.stream(text.split(","))
          .map(String::strip)
          .filter(n -> !n.isEmpty())
          .forEach(names::add);
    }
    return names;
  }
}
