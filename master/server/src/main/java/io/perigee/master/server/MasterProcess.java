package io.perigee.master.server;

import io.perigee.common.Problems;
import io.perigee.common.loop.DecisionLoop;
import io.perigee.common.loop.Journal;
import io.perigee.common.option.OptionValues;
import io.perigee.common.time.Clock;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.FileCalls;
import io.perigee.endpoints.FilesRoutes;
import io.perigee.endpoints.HostFigures;
import io.perigee.endpoints.LibprocessRoutes;
import io.perigee.endpoints.Listening;
import io.perigee.endpoints.LogFile;
import io.perigee.endpoints.LogVerbosity;
import io.perigee.endpoints.LogbackLevels;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.endpoints.PieceMemory;
import io.perigee.endpoints.PrometheusText;
import io.perigee.endpoints.SandboxFiles;
import io.perigee.endpoints.SharedAnswers;
import io.perigee.endpoints.SharedSnapshots;
import io.perigee.master.core.MasterCommand;
import io.perigee.master.core.MasterConfig;
import io.perigee.master.core.MasterCore;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.RegistryRecord;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.ListenException;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import io.perigee.net.tls.Tls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master: {@link #start} puts its parts together, {@link #close} stops it. Safe for all threads.
 */
public final class MasterProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterProcess.class);

  /** Events that may wait for the loop: some tenths of a second of the busiest cluster. */
  private static final int MOST_EVENTS = 65_536;

  /**
   * Of one stream that waits for its reader: a framework that subscribes gets the offers of all
   * agents at once, reckoned at 1 kB each.
   */
  private static final long STREAM_BUFFER_BYTES = 32L << 20;

  /** The loop has seldom more to do than for some tenths of a second; beyond this it is stuck. */
  private static final int LONGEST_ANSWER_SECONDS = 10;

  /** For answers that are on their way when the master stops. */
  private static final Duration STOP_TIME = Duration.ofSeconds(1);

  private final AtomicLong numbers = new AtomicLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("master-timer").daemon(true).factory());
  private final Counters counters = new Counters();
  private final @Nullable Tls tls;
  private final @Nullable LogFile logFile;
  private final HttpServer server;
  private final AllocationTimes core;
  private final DecisionLoop<MasterEvent, RegistryRecord, MasterCommand> loop;
  private final AgentLinks links;
  private final PendingAnswers<MasterEvent> answers;
  private final SharedSnapshots<ClusterSnapshot> snapshots;
  private final SharedAnswers<ClusterSnapshot> largeReads;
  private final SharedAnswers<ClusterSnapshot> smallReads;
  private final OperatorStreams operatorStreams;
  private @Nullable SchedulerStreams streams;
  private @Nullable MasterIdentity identity;

  private MasterProcess(
      MasterConfig config,
      InetSocketAddress bindAddress,
      EventLoops loops,
      @Nullable Tls tls,
      @Nullable LogFile logFile,
      DecisionLoop.FatalListener fatal) {
    this.tls = tls;
    this.logFile = logFile;
    this.core = new AllocationTimes(new MasterCore(config));
    this.loop =
        new DecisionLoop<>(
            "master-loop",
            core,
            Journal.forgetful(),
            this::perform,
            Clock.system(),
            MOST_EVENTS,
            fatal);
    this.answers = new PendingAnswers<>("master", loop::offer, numbers);
    this.links = new AgentLinks(loop::offer, loop::offerAlways, numbers, timer);
    this.snapshots = new SharedSnapshots<>(() -> loop.offer(new MasterEvent.SnapshotWanted(1)));
    PieceMemory memory = new PieceMemory(counters);
    this.largeReads = reads("master-large-reads", memory);
    this.smallReads = reads("master-small-reads", memory);
    this.operatorStreams = new OperatorStreams(OperatorStreams.Limits.DEFAULTS, timer, counters);
    this.server =
        new HttpServer(
            loops,
            bindAddress,
            HttpLimits.builder().streamBufferBytes(STREAM_BUFFER_BYTES).build(),
            LinkLimits.defaults(),
            tls,
            counters);
  }

  private SharedAnswers<ClusterSnapshot> reads(String thread, PieceMemory memory) {
    return new SharedAnswers<>(thread, snapshots::latest, memory, answers.overloaded(), counters);
  }

  /**
   * What the options mean, once more than their types is looked at.
   *
   * @param ip null if there is none
   */
  private record Setup(
      MasterConfig config,
      String id,
      @Nullable InetAddress ip,
      String hostname,
      @Nullable Tls tls) {

    static Setup read(OptionValues values, Problems problems) {
      String id = UUID.randomUUID().toString();
      MasterConfig config =
          MasterOptions.config(values, id, new SecureRandom().nextLong(), problems);
      InetAddress ip = Listening.address(values, MasterOptions.IP, problems);
      return new Setup(
          config,
          id,
          ip,
          Listening.hostname(values, MasterOptions.HOSTNAME, ip, problems),
          Listening.tls(
              values,
              MasterOptions.TLS_CERT_FILE,
              MasterOptions.TLS_KEY_FILE,
              MasterOptions.TLS_CA_FILE,
              new Counters(),
              problems));
    }
  }

  /**
   * Looks for all that would keep a master from starting, as far as that can be told without
   * starting one: it reads files and changes nothing.
   */
  public static void check(OptionValues values, Problems problems) {
    close(Setup.read(values, problems).tls());
  }

  /**
   * Starts a master.
   *
   * @param loops outlive the master
   * @param problems receives all that keeps it from starting
   * @param fatal hears if it stops for a reason of its own; the process should end then
   * @return null if there were problems: nothing was left running
   */
  public static @Nullable MasterProcess start(
      OptionValues values, EventLoops loops, Problems problems, DecisionLoop.FatalListener fatal) {
    Setup setup = Setup.read(values, problems);
    InetAddress ip = setup.ip();
    if (ip == null) {
      close(setup.tls());
      return null;
    }
    MasterProcess master =
        new MasterProcess(
            setup.config(),
            new InetSocketAddress(ip, values.get(MasterOptions.PORT)),
            loops,
            setup.tls(),
            LogFile.open(values, MasterOptions.LOG_DIR, "perigee-master", problems),
            fatal);
    boolean isServing = false;
    try {
      // Also with other problems: a port in use is told together with them.
      isServing = master.listen(setup.id(), ip, setup.hostname(), values, problems);
    } catch (ListenException taken) {
      problems.add(
          values.named(MasterOptions.PORT)
              + ": "
              + taken.getMessage()
              + " (expected: a free port; 0 takes any)");
    } finally {
      if (!isServing) {
        master.close();
      }
    }
    return isServing ? master : null;
  }

  private boolean listen(
      String id, InetAddress ip, String hostname, OptionValues values, Problems problems)
      throws ListenException {
    double startSeconds = System.currentTimeMillis() / 1000.0;
    server.start(bound -> {
      MasterIdentity self =
          new MasterIdentity(
              id,
              ip,
              bound.getPort(),
              hostname,
              values.find(MasterOptions.CLUSTER_NAME),
              startSeconds);
      identity = self;
      Router router = router(self, values);
      if (problems.isEmpty()) {
        loop.start();
        loop.offerAlways(new MasterEvent.Started());
        LOG.info("master {} serves at {}", id, uri());
      }
      return router;
    });
    return problems.isEmpty();
  }

  private Router router(MasterIdentity self, OptionValues values) {
    streams = new SchedulerStreams(self.info(), timer, loop::offerAlways);
    SchedulerApi schedulerApi = new SchedulerApi(loop::offer, streams, answers, numbers);
    Build build = Build.current();
    ReadRoutes reads =
        new ReadRoutes(
            largeReads,
            smallReads,
            new StateJson(self, build, values.texts()),
            self,
            build,
            this::ownMetrics);
    LogVerbosity verbosity = new LogVerbosity(LogbackLevels::set);
    Map<String, Path> roots = logFile == null ? Map.of() : Map.of("/master/log", logFile.path());
    SandboxFiles files = new SandboxFiles(() -> roots);
    OperatorApi operatorApi =
        new OperatorApi(
            self,
            build,
            values.texts(),
            snapshots,
            new OperatorReads(largeReads, smallReads, reads::metrics, new FileCalls(files)),
            verbosity,
            operatorStreams,
            answers,
            loop::offer,
            numbers);
    List<Route> routes = new ArrayList<>(reads.routes());
    routes.add(
        Route.at("/metrics", (request, to) -> to.respond(PrometheusText.of(counters)))
            .methods("GET")
            .exactly());
    routes.addAll(new FilesRoutes(files).routes());
    routes.addAll(new OldWrites(answers).routes());
    routes.add(verbosity.route());
    routes.add(HostFigures.route());
    routes.addAll(LibprocessRoutes.of("master"));
    routes.add(MasterHelp.pages().route());
    routes.add(schedulerApi.route());
    routes.add(operatorApi.route());
    routes.add(links.route());
    routes.addAll(new OperatorRoutes(answers).routes());
    return new Router("master", Authenticator.anonymous(), routes);
  }

  /** What the core does not know. There is one queue for all, so nothing waits in the others. */
  private Map<String, Double> ownMetrics() {
    Map<String, Double> values = new TreeMap<>();
    values.put("master/event_queue_messages", (double) loop.depth());
    values.put("master/event_queue_dispatches", 0.0);
    values.put("master/event_queue_http_requests", 0.0);
    values.put("allocator/event_queue_dispatches", 0.0);
    values.put("allocator/mesos/event_queue_dispatches", 0.0);
    values.put("master/http_cache_hits", (double) counters.get("shared_answers_hits_total"));
    values.put("master/operator_event_stream_subscribers", (double) operatorStreams.subscribers());
    core.addTo(values);
    return values;
  }

  /** On the loop's thread. */
  private void perform(List<MasterCommand> commands) {
    for (MasterCommand command : commands) {
      switch (command) {
        case MasterCommand.Answer c -> answers.answer(c.request(), c.status(), c.text());
        case MasterCommand.Notify c -> present(streams).send(c.stream(), c.notice());
        case MasterCommand.EndStream c -> present(streams).end(c.stream());
        case MasterCommand.Tell c -> links.send(c.link(), c.message());
        case MasterCommand.EndLink c -> links.end(c.link(), c.reason());
        case MasterCommand.Deliver c -> snapshots.delivered(c.snapshot());
        case MasterCommand.OpenOperatorStream c -> operatorStreams.open(c.stream(), c.snapshot());
        case MasterCommand.Publish c -> operatorStreams.publish(c.notice());
        case MasterCommand.Log c -> LOG.info("{}", c.text());
      }
    }
    operatorStreams.flush();
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the loop runs only after the server listens");
    }
    return part;
  }

  /** Where it serves: {@code http://127.0.0.1:5050}. */
  public URI uri() {
    MasterIdentity self = present(identity);
    return URI.create(
        (tls == null ? "http" : "https") + "://" + self.hostname() + ":" + self.port());
  }

  /**
   * Where it serves and whom, in one line for people; null if the decision loop did not answer
   * within {@value #LONGEST_ANSWER_SECONDS} seconds.
   */
  public @Nullable String status() throws InterruptedException {
    try {
      ClusterSnapshot now = snapshots.latest().get(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
      return "serving at %s, %s, %s"
          .formatted(
              uri(),
              counted(now.agents().size(), "agent"),
              counted(now.frameworks().size(), "framework"));
    } catch (ExecutionException | TimeoutException busy) {
      return null;
    }
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** What the process counts about connections, requests and links. */
  public Counters counters() {
    return counters;
  }

  /** Who listens to the operator API's events. */
  int operatorSubscribers() {
    return operatorStreams.subscribers();
  }

  @Override
  public void close() {
    server.stop(STOP_TIME);
    largeReads.close();
    smallReads.close();
    operatorStreams.close();
    loop.close();
    timer.shutdownNow();
    close(tls);
    close(logFile);
  }

  private static void close(@Nullable Tls tls) {
    if (tls != null) {
      tls.close();
    }
  }

  private static void close(@Nullable LogFile logFile) {
    if (logFile != null) {
      logFile.close();
    }
  }
}
