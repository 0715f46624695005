package io.perigee.agent.daemon;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerListener;
import io.perigee.agent.containers.ContainerRuntime;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ContainerStatistics;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.RuntimeChoice;
import io.perigee.agent.containers.RuntimeOptions;
import io.perigee.agent.containers.SystemUsers;
import io.perigee.agent.containers.TaskSignal;
import io.perigee.agent.containers.UserIdentity;
import io.perigee.agent.core.AgentCommand;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.ContainerExit;
import io.perigee.agent.fetcher.Fetch;
import io.perigee.agent.fetcher.FetchOutcome;
import io.perigee.agent.fetcher.FetchRequest;
import io.perigee.agent.fetcher.Fetcher;
import io.perigee.agent.fetcher.FileOwner;
import io.perigee.model.SignalNames;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the core wants of containers. Sandboxes are made on a few worker threads, since
 * that blocks; files are fetched into them on the fetcher's. A kill that comes meanwhile is not
 * lost. Safe for all threads.
 */
final class Containers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

  /**
   * Making directories is short and mostly the kernel's work: a few threads keep two cores busy.
   */
  private static final int LAUNCH_THREADS = 4;

  private static final int STOP_SECONDS = 5;
  private static final String KILLED = "killed before it started";

  private final Path meta;
  private final boolean isRoot;
  private final Consumer<AgentEvent> events;
  private final SandboxGc gc;
  private final Fetcher fetcher;
  private final SystemUsers users = new SystemUsers();
  private final RuntimeChoice choice;
  private final ExecutorService launches =
      Executors.newFixedThreadPool(
          LAUNCH_THREADS, Thread.ofPlatform().name("agent-launch-", 0).daemon(true).factory());

  private final LongAdder destroyErrors = new LongAdder();

  /** Containers that the core knows and that did not end yet. */
  private final Map<String, Container> containers = new ConcurrentHashMap<>();

  /** Guarded by itself. */
  private static final class Container {
    private final Path sandbox;
    private final Path link;
    private @Nullable Fetch fetch;
    private boolean isLaunched;
    private boolean isKilled;

    /** What it may use by now, if that changed before it was launched. */
    private @Nullable ResourceLimits resized;

    private Container(Path sandbox, Path link) {
      this.sandbox = sandbox;
      this.link = link;
    }

    private void killEarly() {
      isKilled = true;
      if (fetch != null) {
        fetch.cancel();
      }
    }
  }

  /**
   * @param meta directory of the agent's own, which no task may write to
   * @param fetcher closed with the containers
   * @param events takes what happened, always
   */
  Containers(
      Path meta,
      boolean isRoot,
      RuntimeOptions options,
      SandboxGc gc,
      Fetcher fetcher,
      Consumer<AgentEvent> events) {
    this.meta = meta;
    this.isRoot = isRoot;
    this.gc = gc;
    this.fetcher = fetcher;
    this.events = events;
    deleteLeftOvers();
    this.choice = RuntimeChoice.make(options, new Listener());
  }

  /** Containers die with their agent: what an earlier one left behind is of no use. */
  private void deleteLeftOvers() {
    try (Stream<Path> folders = Files.list(meta.resolve("containers"))) {
      folders.forEach(folder -> later(() -> deleteFolder(folder)));
    } catch (NoSuchFileException first) {
      // No agent was here before.
    } catch (IOException e) {
      LOG.warn("cannot look through {}: {}", meta, e.toString());
    }
  }

  /** Which runtime runs the tasks here, and what it lacks. */
  RuntimeChoice choice() {
    return choice;
  }

  private ContainerRuntime runtime() {
    return choice.runtime();
  }

  void launch(AgentCommand.LaunchContainer launch) {
    Container container = new Container(Path.of(launch.sandbox()), Path.of(launch.latestLink()));
    containers.put(launch.containerId(), container);
    later(() -> prepare(launch, container));
  }

  private void prepare(AgentCommand.LaunchContainer launch, Container container) {
    ContainerSpec spec;
    FileOwner owner = null;
    boolean hasUris = !launch.uris().isEmpty();
    try {
      String user = isRoot ? launch.user() : null;
      if (hasUris && user != null) {
        owner = owner(user);
      }
      // Until all is fetched the sandbox is the agent's own: it gives it to the user in the end.
      Sandboxes.create(container.sandbox, container.link, hasUris ? null : user);
      spec = spec(launch, container.sandbox, user);
    } catch (IOException | RuntimeException unusable) {
      failed(launch.containerId(), message(unusable));
      return;
    }
    if (hasUris) {
      fetch(launch, container, spec, owner);
    } else {
      start(container, spec);
    }
  }

  private FileOwner owner(String user) throws IOException {
    return switch (users.resolve(user)) {
      case SystemUsers.Answer.Found(UserIdentity found) ->
          new FileOwner(found.uid(), found.gid(), found.groups());
      case SystemUsers.Answer.Unknown(String message) -> throw new IOException(message);
    };
  }

  private void fetch(
      AgentCommand.LaunchContainer launch,
      Container container,
      ContainerSpec spec,
      @Nullable FileOwner owner) {
    String id = launch.containerId();
    synchronized (container) {
      if (!container.isKilled) {
        container.fetch =
            fetcher.fetch(
                new FetchRequest(id, launch.uris(), container.sandbox, owner),
                outcome -> {
                  switch (outcome) {
                    case FetchOutcome.Fetched() -> later(() -> start(container, spec));
                    case FetchOutcome.Failed(String message) -> failed(id, message);
                  }
                });
        return;
      }
    }
    failed(id, KILLED);
  }

  private void start(Container container, ContainerSpec spec) {
    String problem = KILLED;
    synchronized (container) {
      if (!container.isKilled) {
        try {
          runtime().launch(spec);
          container.isLaunched = true;
          if (container.resized != null) {
            runtime().resize(spec.id(), container.resized);
          }
          return;
        } catch (IllegalStateException closed) {
          problem = String.valueOf(closed.getMessage());
        }
      }
    }
    failed(spec.id().value(), problem);
  }

  /** What Java says of files may be their name and nothing more. */
  private static String message(Exception unusable) {
    return unusable instanceof FileSystemException file && file.getReason() == null
        ? unusable.toString()
        : String.valueOf(unusable.getMessage());
  }

  private ContainerSpec spec(
      AgentCommand.LaunchContainer launch, Path sandbox, @Nullable String user) throws IOException {
    Path folder = Files.createDirectories(meta.resolve("containers").resolve(launch.containerId()));
    ContainerSpec.Builder spec =
        ContainerSpec.builder(new ContainerId(launch.containerId()), folder)
            .argv(launch.argv())
            .environment(launch.environment())
            .workingDirectory(sandbox)
            .stdout(sandbox.resolve("stdout"))
            .stderr(sandbox.resolve("stderr"))
            .user(user)
            .limits(new ResourceLimits(launch.cpusThousandths(), launch.memBytes()))
            .dieWithAgent(true);
    if (launch.executable() != null) {
      spec.executable(launch.executable());
    }
    return spec.build();
  }

  void terminate(String containerId) {
    Container container = containers.get(containerId);
    if (container != null) {
      synchronized (container) {
        if (container.isLaunched) {
          runtime().signal(new ContainerId(containerId), TaskSignal.TERM);
        } else {
          container.killEarly();
        }
      }
    }
  }

  void kill(String containerId) {
    Container container = containers.get(containerId);
    if (container != null) {
      synchronized (container) {
        if (container.isLaunched) {
          runtime().kill(new ContainerId(containerId));
        } else {
          container.killEarly();
        }
      }
    }
  }

  void resize(AgentCommand.ResizeContainer resize) {
    ResourceLimits limits = new ResourceLimits(resize.cpusThousandths(), resize.memBytes());
    Container container = containers.get(resize.containerId());
    if (container != null) {
      synchronized (container) {
        if (container.isLaunched) {
          runtime().resize(new ContainerId(resize.containerId()), limits);
        } else {
          container.resized = limits;
        }
      }
    }
  }

  /** What a container uses now; empty if it does not run. Reads files of the kernel. */
  Optional<ContainerStatistics> statistics(String containerId) {
    return containers.containsKey(containerId)
        ? runtime().statistics(new ContainerId(containerId))
        : Optional.empty();
  }

  /** Metrics of containers, by Mesos' names. */
  Map<String, Double> metrics() {
    return Map.of("containerizer/mesos/container_destroy_errors", (double) destroyErrors.sum());
  }

  private void failed(String containerId, String message) {
    forget(containerId);
    events.accept(new AgentEvent.ContainerFailed(containerId, message));
  }

  private void forget(String containerId) {
    Container container = containers.remove(containerId);
    if (container != null) {
      gc.sandboxEnded(container.sandbox, container.link, Instant.now());
      later(() -> deleteFolder(meta.resolve("containers").resolve(containerId)));
    }
  }

  private void later(Runnable work) {
    try {
      launches.execute(work);
    } catch (RejectedExecutionException closed) {
      // The agent ends: nothing is started any more, and the next one deletes what is left.
    }
  }

  private static void deleteFolder(Path folder) {
    try {
      SandboxGc.deleteTree(folder);
    } catch (IOException e) {
      LOG.warn("cannot delete {}: {}", folder, e.toString());
    }
  }

  private final class Listener implements ContainerListener {
    @Override
    public void started(ContainerId id, long pid) {
      events.accept(new AgentEvent.ContainerStarted(id.value(), pid));
    }

    @Override
    public void launchFailed(ContainerId id, String stage, String message) {
      failed(id.value(), message);
    }

    @Override
    public void exited(ContainerId id, ContainerEnd.ExitRecord record) {
      forget(id.value());
      if (record.leftProcesses() > 0 || record.leftCgroups() > 0) {
        destroyErrors.increment();
      }
      events.accept(new AgentEvent.ContainerExited(id.value(), exit(record)));
    }
  }

  private static ContainerExit exit(ContainerEnd.ExitRecord record) {
    boolean endedWell = record.status() instanceof ExitStatus.Exited(int code) && code == 0;
    if (record.oomKilled() && !endedWell) {
      return new ContainerExit.OutOfMemory();
    }
    return switch (record.status()) {
      case ExitStatus.Exited(int code) -> new ContainerExit.Exited(code);
      case ExitStatus.Signaled(int signal, boolean coreDumped) ->
          new ContainerExit.Signaled(signal, SignalNames.of(signal), coreDumped);
      case ExitStatus.Lost(String reason) -> new ContainerExit.Lost(reason);
    };
  }

  @Override
  public void close() {
    fetcher.close();
    runtime().close(); // Before the threads: the end of a container is work for them.
    launches.shutdown();
    try {
      if (!launches.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("sandboxes are still being made after {} s", STOP_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
