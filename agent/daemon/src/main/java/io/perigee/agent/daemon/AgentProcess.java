package io.perigee.agent.daemon;

import io.perigee.agent.containers.RuntimeOptions;
import io.perigee.agent.core.AgentCommand;
import io.perigee.agent.core.AgentConfig;
import io.perigee.agent.core.AgentCore;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.agent.fetcher.Fetcher;
import io.perigee.agent.fetcher.FetcherOptions;
import io.perigee.common.Problems;
import io.perigee.common.loop.DecisionLoop;
import io.perigee.common.loop.Journal;
import io.perigee.common.option.OptionValues;
import io.perigee.common.time.Clock;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.LogFile;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.endpoints.SandboxFiles;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.model.Attribute;
import io.perigee.model.ResourceWire;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.ListenException;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent: {@link #start} puts its parts together, {@link #close} ends its tasks and stops it.
 * Safe for all threads.
 */
public final class AgentProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

  /** Events that may wait for the loop. */
  private static final int MOST_EVENTS = 16_384;

  private static final int MOST_CONTAINERS = 8192;

  /** For answers that are on their way when the agent stops. */
  private static final Duration STOP_TIME = Duration.ofSeconds(1);

  /** All that Mesos 1.11 agents can; masters and frameworks decide by it. */
  private static final List<AgentInfo.Capability> CAPABILITIES =
      Arrays.stream(AgentInfo.Capability.Type.values())
          .filter(type -> type != AgentInfo.Capability.Type.UNKNOWN)
          .map(type -> AgentInfo.Capability.newBuilder().setType(type).build())
          .toList();

  private final AgentSettings settings;
  private final OptionValues values;
  private final EventLoops eventLoops;
  private final AgentSetup setup;
  private final InetAddress ip;
  private final DecisionLoop.FatalListener fatal;
  private final double startSeconds = System.currentTimeMillis() / 1000.0;
  private final Counters counters;
  private final @Nullable LogFile logFile;
  private final HttpServer server;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("agent-timer").daemon(true).factory());
  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable Running running;

  /** What exists once the port is known. */
  private record Running(
      DecisionLoop<AgentEvent, Void, AgentCommand> loop,
      Containers containers,
      HttpClient client,
      MasterLink link,
      AgentSnapshots snapshots,
      ExecutorStreams executors,
      URI uri) {}

  private AgentProcess(
      AgentSettings settings,
      OptionValues values,
      EventLoops eventLoops,
      Counters counters,
      AgentSetup setup,
      InetAddress ip,
      @Nullable LogFile logFile,
      DecisionLoop.FatalListener fatal) {
    this.settings = settings;
    this.values = values;
    this.eventLoops = eventLoops;
    this.counters = counters;
    this.setup = setup;
    this.ip = ip;
    this.logFile = logFile;
    this.fatal = fatal;
    this.server =
        new HttpServer(
            eventLoops,
            new InetSocketAddress(ip, values.get(AgentOptions.PORT)),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            setup.tls(),
            counters);
  }

  /**
   * Looks for all that would keep an agent from starting, as far as that can be told without
   * starting one: it reads files and changes nothing.
   */
  public static void check(OptionValues values, Problems problems) {
    AgentSettings settings = AgentSettings.check(values, problems);
    AgentSetup.read(values, settings.master(), new Counters(), problems).close();
  }

  /**
   * Starts an agent.
   *
   * @param eventLoops outlive the agent
   * @param problems receives all that keeps it from starting
   * @param fatal hears if it stops for a reason of its own; the process should end then
   * @return null if there were problems: nothing was left running
   */
  public static @Nullable AgentProcess start(
      OptionValues values,
      EventLoops eventLoops,
      Problems problems,
      DecisionLoop.FatalListener fatal) {
    AgentSettings settings = AgentSettings.read(values, problems);
    Counters counters = new Counters();
    AgentSetup setup = AgentSetup.read(values, settings.master(), counters, problems);
    InetAddress ip = setup.ip();
    if (ip == null) {
      setup.close();
      return null;
    }
    AgentProcess agent =
        new AgentProcess(
            settings,
            values,
            eventLoops,
            counters,
            setup,
            ip,
            LogFile.open(values, AgentOptions.LOG_DIR, "perigee-agent", problems),
            fatal);
    boolean isServing = false;
    try {
      // Also with other problems: a port in use is told together with them.
      agent.server.start(bound -> agent.listening(bound.getPort(), problems));
      isServing = problems.isEmpty();
    } catch (ListenException taken) {
      problems.add(
          values.named(AgentOptions.PORT)
              + ": "
              + taken.getMessage()
              + " (expected: a free port; 0 takes any)");
    } finally {
      if (!isServing) {
        agent.close();
      }
    }
    return isServing ? agent : null;
  }

  private Router listening(int port, Problems problems) {
    if (!problems.isEmpty()) {
      return new Router(AgentRoutes.PROCESS_ID, Authenticator.anonymous(), List.of());
    }
    Fetcher fetcher;
    try {
      fetcher = new Fetcher(fetcherOptions(), eventLoops, counters);
    } catch (IOException unusable) {
      problems.add(
          values.named(AgentOptions.FETCHER_CACHE_DIR) + ": files cannot be fetched: " + unusable);
      return new Router(AgentRoutes.PROCESS_ID, Authenticator.anonymous(), List.of());
    }
    AgentInfo info =
        AgentInfo.newBuilder()
            .setHostname(setup.hostname())
            .setPort(port)
            .addAllResources(
                ResourceWire.write(settings.resources(), ResourceWire.Format.POST_REFINEMENT))
            .addAllAttributes(settings.attributes().stream().map(Attribute::write).toList())
            .build();
    AgentCore core = new AgentCore(config(info));
    DecisionLoop<AgentEvent, Void, AgentCommand> loop =
        new DecisionLoop<>(
            "agent-loop",
            core,
            Journal.forgetful(),
            this::perform,
            Clock.system(),
            MOST_EVENTS,
            fatal);
    SandboxGc gc = new SandboxGc(settings.workDir(), values.get(AgentOptions.GC_DELAY));
    Containers containers =
        new Containers(
            settings.workDir().resolve("meta"),
            "root".equals(System.getProperty("user.name")),
            new RuntimeOptions(
                settings.workDir().resolve("meta"), settings.cgroups(), MOST_CONTAINERS),
            gc,
            fetcher,
            loop::offerAlways);
    LOG.info("containers: {}", containers.choice().reason());
    HttpClient client =
        new HttpClient(
            eventLoops,
            ClientLimits.defaults(),
            LinkLimits.defaults(),
            setup.clientTls(),
            counters);
    MasterLink link =
        new MasterLink(client, settings.master(), loop::offer, loop::offerAlways, timer);
    AgentSnapshots snapshots = new AgentSnapshots(loop::offer);
    AtomicLong numbers = new AtomicLong();
    PendingAnswers<AgentEvent> answers = new PendingAnswers<>("agent", loop::offer, numbers);
    ExecutorStreams executors = new ExecutorStreams(answers, loop::offerAlways);
    running =
        new Running(
            loop,
            containers,
            client,
            link,
            snapshots,
            executors,
            URI.create(
                (setup.tls() == null ? "http" : "https")
                    + "://"
                    + info.getHostname()
                    + ":"
                    + port));
    startGc(gc);
    loop.start();
    loop.offerAlways(new AgentEvent.Started());
    LOG.info("agent serves at {}:{} with {}", info.getHostname(), port, settings.resources());
    Map<String, String> flags = flags(containers);
    AgentMetrics metrics =
        new AgentMetrics(() -> {
          Map<String, Double> values = new TreeMap<>(gc.metrics());
          values.putAll(containers.metrics());
          values.putAll(fetcher.metrics());
          return values;
        });
    List<Route> routes =
        new ArrayList<>(
            AgentRoutes.of(
                snapshots,
                json(info, flags),
                flags,
                new ContainerReads(containers::statistics),
                metrics::of,
                new SandboxFiles(this::roots),
                counters));
    routes.add(new ExecutorApi(loop::offer, executors, answers, numbers).route());
    return new Router(AgentRoutes.PROCESS_ID, Authenticator.anonymous(), routes);
  }

  /** Those given, and how tasks run here: Mesos has no better place for that. */
  private Map<String, String> flags(Containers containers) {
    Map<String, String> flags = new TreeMap<>(values.texts());
    flags.put("isolation_notes", String.join("; ", notes(containers)));
    return flags;
  }

  private AgentConfig config(AgentInfo info) {
    AgentConfig defaults =
        AgentConfig.defaults(
            info,
            ip.getHostAddress(),
            settings.workDir().toString(),
            UUID.randomUUID().toString(),
            new SecureRandom().nextLong());
    return new AgentConfig(
        info,
        defaults.ip(),
        Build.MESOS_VERSION,
        CAPABILITIES,
        defaults.workDir(),
        defaults.processId(),
        defaults.seed(),
        settings.executorEnvironment(),
        values.get(AgentOptions.SWITCH_USER),
        values.get(AgentOptions.REGISTRATION_BACKOFF_FACTOR),
        values.get(AgentOptions.EXECUTOR_REGISTRATION_TIMEOUT),
        values.get(AgentOptions.EXECUTOR_SHUTDOWN_GRACE_PERIOD),
        defaults.maxCompletedFrameworks(),
        values.get(AgentOptions.MAX_COMPLETED_EXECUTORS));
  }

  private FetcherOptions fetcherOptions() {
    Path cache = values.find(AgentOptions.FETCHER_CACHE_DIR);
    return new FetcherOptions(
        values.find(AgentOptions.FRAMEWORKS_HOME),
        values.get(AgentOptions.FETCHER_STALL_TIMEOUT),
        cache == null ? settings.workDir().resolve("fetcher-cache") : cache.toAbsolutePath(),
        values.get(AgentOptions.FETCHER_CACHE_SIZE).bytes());
  }

  private AgentJson json(AgentInfo info, Map<String, String> flags) {
    return new AgentJson(
        Build.current(),
        AgentRoutes.PROCESS_ID + "@" + ip.getHostAddress() + ":" + info.getPort(),
        startSeconds,
        CAPABILITIES,
        flags,
        settings.master().getHost());
  }

  private static List<String> notes(Containers containers) {
    List<String> notes = new ArrayList<>(List.of(containers.choice().reason()));
    notes.addAll(containers.choice().runtime().describe().notes());
    return notes;
  }

  private void startGc(SandboxGc gc) {
    long period = values.get(AgentOptions.DISK_WATCH_INTERVAL).toMillis();
    List<Path> leftOvers = gc.leftOvers(); // Before any task of this agent has a sandbox.
    Thread.ofVirtual()
        .name("agent-gc-scan")
        .start(() -> {
          try {
            gc.adopt(leftOvers);
          } catch (IOException e) {
            LOG.warn("cannot look through old sandboxes: {}", e.toString());
          }
        });
    var _ =
        timer.scheduleWithFixedDelay(
            () -> Thread.ofVirtual().name("agent-gc").start(() -> gc.collect(Instant.now())),
            period,
            period,
            TimeUnit.MILLISECONDS);
  }

  /**
   * Sandboxes by their path on this machine and below the virtual path of their framework; the log.
   */
  private Map<String, Path> roots() {
    Map<String, Path> roots = new LinkedHashMap<>();
    if (logFile != null) {
      roots.put("/slave/log", logFile.path());
    }
    Path slaves = settings.workDir().resolve("slaves");
    roots.put(slaves.toString(), slaves);
    Running now = running;
    String id = now == null ? "" : now.snapshots().agentId();
    if (!id.isEmpty()) {
      roots.put("/frameworks", slaves.resolve(id).resolve("frameworks"));
    }
    return roots;
  }

  /** On the loop's thread. */
  private void perform(List<AgentCommand> commands) {
    Running parts = present();
    for (AgentCommand command : commands) {
      switch (command) {
        case AgentCommand.OpenLink c -> parts.link().open();
        case AgentCommand.CloseLink c -> parts.link().close(c.link(), c.reason());
        case AgentCommand.Tell c -> parts.link().send(c.link(), c.message());
        case AgentCommand.LaunchContainer c -> parts.containers().launch(c);
        case AgentCommand.TerminateContainer c -> parts.containers().terminate(c.containerId());
        case AgentCommand.KillContainer c -> parts.containers().kill(c.containerId());
        case AgentCommand.ResizeContainer c -> parts.containers().resize(c);
        case AgentCommand.AnswerExecutor c ->
            parts.executors().answer(c.number(), c.status(), c.text());
        case AgentCommand.TellExecutor c -> parts.executors().tell(c.stream(), c.event());
        case AgentCommand.EndExecutorStream c -> parts.executors().end(c.stream());
        case AgentCommand.Deliver c -> parts.snapshots().delivered(c.snapshot());
        case AgentCommand.Log c -> LOG.info("{}", c.text());
        case AgentCommand.Stop c -> {
          LOG.info("the agent ends: {}", c.reason());
          stopped.countDown();
        }
      }
    }
  }

  private Running present() {
    Running parts = running;
    if (parts == null) {
      throw new IllegalStateException("the loop runs only after the server listens");
    }
    return parts;
  }

  /** Where it serves: {@code http://127.0.0.1:5051}. */
  public URI uri() {
    return present().uri();
  }

  /** Whether a master has taken it up, now or before. */
  public boolean isRegistered() {
    return !present().snapshots().agentId().isEmpty();
  }

  /**
   * Whether a master has it and how much runs, in one line for people; null if the decision loop
   * did not answer within {@value AgentSnapshots#LONGEST_SECONDS} seconds.
   */
  public @Nullable String status() throws InterruptedException {
    AgentSnapshot now = present().snapshots().latest();
    if (now == null) {
      return null;
    }
    long tasks =
        now.frameworks().stream()
            .flatMap(framework -> framework.executors().stream())
            .mapToLong(each -> each.queuedTasks().size() + each.launchedTasks().size())
            .sum();
    return "%s %s, %d %s"
        .formatted(
            now.isRegistered() ? "registered with the master at" : "waiting for a master at",
            settings.master().getAuthority(),
            tasks,
            tasks == 1 ? "task" : "tasks");
  }

  /** How tasks run here, and what that lacks: one sentence each. */
  public List<String> runtimeNotes() {
    return notes(present().containers());
  }

  /** Returns when the agent has ended on its own account: the master told it to. */
  public void awaitEnd() throws InterruptedException {
    stopped.await();
  }

  /** Ends all tasks, takes leave of the master, and stops; takes as long as the tasks may take. */
  @Override
  public void close() {
    Running parts = running;
    if (parts != null) {
      parts.loop().offerAlways(new AgentEvent.StopWanted());
      try {
        Duration most =
            values.get(AgentOptions.EXECUTOR_SHUTDOWN_GRACE_PERIOD).plus(Duration.ofSeconds(5));
        if (!stopped.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("not all tasks ended within {}", most);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    server.stop(STOP_TIME);
    if (parts != null) {
      parts.client().close();
      parts.loop().close();
      parts.containers().close();
    }
    timer.shutdownNow();
    setup.close();
    if (logFile != null) {
      logFile.close();
    }
  }
}
