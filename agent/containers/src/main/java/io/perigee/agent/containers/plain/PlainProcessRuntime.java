package io.perigee.agent.containers.plain;

import io.perigee.agent.containers.Callbacks;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.Usage;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerListener;
import io.perigee.agent.containers.ContainerRuntime;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ContainerStatistics;
import io.perigee.agent.containers.ExitStatus;
import io.perigee.agent.containers.ProcessTree;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.RuntimeDescription;
import io.perigee.agent.containers.TaskSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs containers as plain processes of the agent, each in a session of its own where the machine
 * has {@code setsid}. For machines without the launcher; {@link #describe} says what is missing.
 * The JDK hands arguments and environment on in the encoding of the agent's locale.
 */
public final class PlainProcessRuntime implements ContainerRuntime {
  private static final int KILL = 9;

  private final int maxContainers;
  private final ContainerListener listener;
  private final @Nullable Path setsid = findSetsid();
  private final Callbacks callbacks = new Callbacks("containers");
  private final Object lock = new Object();
  private final Map<ContainerId, Tracked> containers = new LinkedHashMap<>();
  private boolean closed;

  /** Guarded by the lock. */
  private static final class Tracked {
    /** Null: being started. */
    private @Nullable PlainProcess process;

    /** Asked for while it was being started; 0: none. The last one counts, and a kill most. */
    private int earlySignal;
  }

  /**
   * @param maxContainers at a time; more fail to launch
   */
  public PlainProcessRuntime(int maxContainers, ContainerListener listener) {
    this.maxContainers = maxContainers;
    this.listener = listener;
  }

  private static @Nullable Path findSetsid() {
    for (String directory : List.of("/usr/bin", "/bin")) {
      Path path = Path.of(directory, "setsid");
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
  }

  @Override
  public void launch(ContainerSpec spec) {
    synchronized (lock) {
      if (containers.size() >= maxContainers) {
        fail(spec.id(), "launcher", "there are " + maxContainers + " containers already");
        return;
      }
      add(spec.id());
    }
    Thread.startVirtualThread(() -> start(spec));
  }

  @Override
  public void reattach(ContainerId id, Path folder) {
    synchronized (lock) {
      add(id);
    }
    Thread.startVirtualThread(() -> reattachNow(id, folder));
  }

  private void add(ContainerId id) {
    if (closed) {
      throw new IllegalStateException("the container runtime is closed");
    }
    if (containers.putIfAbsent(id, new Tracked()) != null) {
      throw new IllegalArgumentException("container " + id + " is known already");
    }
  }

  private void start(ContainerSpec spec) {
    Optional<String> problem = spec.problem();
    if (problem.isPresent()) {
      failStart(spec.id(), "spec", problem.get());
    } else if (spec.user() != null && !spec.user().equals(System.getProperty("user.name"))) {
      failStart(
          spec.id(), "user", "Failed to switch to user '" + spec.user() + "': needs the launcher");
    } else if (!Files.isDirectory(spec.workingDirectory())) {
      failStart(spec.id(), "cwd", spec.workingDirectory() + ": No such file or directory");
    } else {
      try {
        run(spec.id(), PlainProcess.start(spec, setsid), wallNanos());
      } catch (IOException refused) {
        failStart(spec.id(), "exec", String.valueOf(refused.getMessage()));
      }
    }
  }

  private void failStart(ContainerId id, String stage, String message) {
    synchronized (lock) {
      containers.remove(id);
      fail(id, stage, message);
    }
  }

  private void fail(ContainerId id, String stage, String message) {
    callbacks.add(() -> listener.launchFailed(id, stage, message));
  }

  private void reattachNow(ContainerId id, Path folder) {
    Optional<PlainProcess> found = PlainProcess.find(folder);
    if (found.isEmpty()) {
      end(id, ExitRecord.lost("it ended while no agent watched it"));
    } else if (found.get().dieWithAgent()) {
      found.get().kill();
      end(id, ExitRecord.lost("killed because its agent had ended"));
    } else {
      run(id, found.get(), 0);
    }
  }

  /** Tells the start, carries out what was asked for meanwhile, and waits for the end. */
  private void run(ContainerId id, PlainProcess process, long startedNanos) {
    int early;
    synchronized (lock) {
      Tracked container = containers.get(id);
      if (closed || container == null) {
        early = process.dieWithAgent() ? KILL : 0;
      } else {
        container.process = process;
        early = container.earlySignal;
        callbacks.add(() -> listener.started(id, process.main().pid()));
      }
    }
    send(process, early);
    var _ =
        process
            .main()
            .onExit()
            .thenRun(() -> Thread.startVirtualThread(() -> mainEnded(id, process, startedNanos)));
  }

  private void mainEnded(ContainerId id, PlainProcess process, long startedNanos) {
    long endedNanos = wallNanos();
    int left = process.kill();
    Process child = process.child();
    ExitStatus status =
        child == null
            ? new ExitStatus.Lost("it was started by an earlier agent")
            : new ExitStatus.Exited(child.exitValue());
    Usage usage = new Usage(0, 0, 0, startedNanos, endedNanos);
    end(id, new ExitRecord(status, false, false, usage, left, 0));
  }

  private void end(ContainerId id, ExitRecord record) {
    synchronized (lock) {
      containers.remove(id);
      callbacks.add(() -> listener.exited(id, record));
    }
  }

  private static long wallNanos() {
    return System.currentTimeMillis() * 1_000_000L;
  }

  @Override
  public boolean signal(ContainerId id, TaskSignal signal) {
    return control(id, signal.number());
  }

  @Override
  public boolean kill(ContainerId id) {
    return control(id, KILL);
  }

  private boolean control(ContainerId id, int signal) {
    synchronized (lock) {
      Tracked container = containers.get(id);
      if (container == null) {
        return false;
      }
      PlainProcess process = container.process;
      if (process == null) {
        container.earlySignal = container.earlySignal == KILL ? KILL : signal;
      } else {
        Thread.startVirtualThread(() -> send(process, signal));
      }
      return true;
    }
  }

  private static void send(PlainProcess process, int signal) {
    if (signal == KILL) {
      process.kill();
    } else if (signal != 0) {
      process.signal(signal);
    }
  }

  /** Nothing is limited here. */
  @Override
  public void resize(ContainerId id, ResourceLimits limits) {}

  @Override
  public Set<ContainerId> containers() {
    synchronized (lock) {
      return Set.copyOf(containers.keySet());
    }
  }

  @Override
  public Optional<ContainerStatistics> statistics(ContainerId id) {
    long main;
    synchronized (lock) {
      Tracked container = containers.get(id);
      if (container == null || container.process == null) {
        return Optional.empty();
      }
      main = container.process.main().pid();
    }
    return ProcessTree.statistics(process -> process.session() == main || process.pid() == main);
  }

  @Override
  public RuntimeDescription describe() {
    List<String> notes =
        new ArrayList<>(
            List.of(
                "containers are plain processes: no namespaces, and no limits are enforced",
                "exit codes above 128 and signals cannot be told apart",
                "how a container ends that an earlier agent started stays unknown",
                "tasks run as the agent's own user",
                "a process that leaves its session and loses its parent outlives its container",
                "a container that is to die with the agent is killed when the agent is closed or"
                    + " started again, not when it is killed"));
    if (setsid == null) {
      notes.add("containers share the agent's session: there is no setsid program");
    }
    return new RuntimeDescription("processes", false, true, List.of(), List.of(), notes);
  }

  @Override
  public void close() {
    List<PlainProcess> toKill = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      for (Tracked container : containers.values()) {
        if (container.process != null && container.process.dieWithAgent()) {
          toKill.add(container.process);
        }
      }
    }
    callbacks.close();
    toKill.forEach(PlainProcess::kill);
  }
}
