package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.Callbacks;
import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerListener;
import io.perigee.agent.containers.ContainerRuntime;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ContainerStatistics;
import io.perigee.agent.containers.ProcessTree;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.RuntimeDescription;
import io.perigee.agent.containers.TaskSignal;
import io.perigee.agent.containers.cgroup.CgroupFigures;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import io.perigee.agent.containers.cgroup.CgroupRoots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers through perigee-launcher. A launcher that dies is started again and asked for all
 * containers that are known: those that go on are attached to, the end of the others is in their
 * folders, and what was asked for and not begun is asked for again.
 */
public final class LauncherRuntime implements ContainerRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(LauncherRuntime.class);

  /** Control requests are refused while so many requests wait: the launcher is stuck then. */
  private static final int MAX_WAITING_REQUESTS = 65_536;

  /** A launcher that lived this long was started well; the next start is not delayed. */
  private static final long GOOD_LIFE_NANOS = 10_000_000_000L;

  private static final long FIRST_DELAY_MILLIS = 50;
  private static final long MAX_DELAY_MILLIS = 5_000;

  private final List<String> command;
  private final LauncherHost host;
  private final CgroupRoots roots;
  private final boolean cfsQuota;
  private final int maxContainers;
  private final ContainerListener listener;
  private final Preparation preparation;
  private final Callbacks callbacks = new Callbacks("containers");
  private final Resident.Listener residentListener = new FromResident();

  private final Lock resizing = new ReentrantLock();
  private final Object lock = new Object();
  private final Map<ContainerId, Tracked> containers = new LinkedHashMap<>();
  private @Nullable Resident resident;
  private boolean closed;
  private int startsInARow;
  private long restarts;
  private long garbageLines;
  private long refusals;

  /**
   * What happened besides containers.
   *
   * @param restarts launchers that died
   * @param garbageLines lines from the launcher that were no events
   * @param refusals requests that the launcher refused
   */
  public record Counters(long restarts, long garbageLines, long refusals) {}

  private LauncherRuntime(
      List<String> command,
      LauncherHost host,
      CgroupPolicy policy,
      int maxContainers,
      ContainerListener listener) {
    this.command = List.copyOf(command);
    this.host = host;
    this.preparation = new Preparation(host);
    this.roots =
        CgroupRoots.prepare(host.cgroups(), policy.root(), !host.namespaces().contains("pid"));
    this.cfsQuota = policy.cfsQuota();
    this.maxContainers = maxContainers;
    this.listener = listener;
  }

  /**
   * Starts the launcher and waits for its first sign of life.
   *
   * @param command the launcher's program, after whatever runs it
   * @param maxContainers more at a time fail to launch; at most 8192, the launcher's own bound
   * @throws IOException if it cannot be run or is of another version
   */
  public static LauncherRuntime start(
      List<String> command,
      LauncherHost host,
      CgroupPolicy policy,
      int maxContainers,
      ContainerListener listener)
      throws IOException {
    LauncherRuntime runtime = new LauncherRuntime(command, host, policy, maxContainers, listener);
    try {
      runtime.adopt(Resident.start(runtime.command, runtime.residentListener));
      return runtime;
    } catch (IOException failed) {
      runtime.callbacks.close();
      throw failed;
    }
  }

  @Override
  public void launch(ContainerSpec spec) {
    CgroupPlan plan = CgroupPlan.of(roots, spec.id(), spec.limits(), cfsQuota);
    Tracked container = new Tracked(spec.id(), spec.folder(), plan, spec.limits());
    synchronized (lock) {
      if (containers.size() >= maxContainers) {
        fail(spec.id(), "launcher", "there are " + maxContainers + " containers already");
        return;
      }
      add(container);
    }
    Thread.startVirtualThread(() -> prepareAndRun(spec, container));
  }

  @Override
  public void reattach(ContainerId id, Path folder) {
    CgroupPlan plan = CgroupPlan.of(roots, id, ResourceLimits.NONE, cfsQuota);
    Tracked container = new Tracked(id, folder, plan, ResourceLimits.NONE);
    synchronized (lock) {
      add(container);
      container.asked = Tracked.Asked.ATTACH;
      ask(container);
      flushLater();
    }
  }

  private void flushLater() {
    if (resident != null) {
      Thread.startVirtualThread(resident::flush);
    }
  }

  private void add(Tracked container) {
    if (closed) {
      throw new IllegalStateException("the container runtime is closed");
    }
    if (containers.putIfAbsent(container.id, container) != null) {
      throw new IllegalArgumentException("container " + container.id + " is known already");
    }
  }

  private void prepareAndRun(ContainerSpec spec, Tracked container) {
    Optional<LaunchFailure> failure = preparation.prepare(spec, container.plan);
    Resident asked;
    synchronized (lock) {
      asked = resident;
      if (closed) {
        return;
      }
      if (failure.isPresent()) {
        containers.remove(spec.id());
        fail(spec.id(), failure.get().stage(), failure.get().message());
      } else if (container.controls.contains("kill " + spec.id())) {
        containers.remove(spec.id());
        fail(spec.id(), "killed", "killed before it started");
      } else {
        container.asked = Tracked.Asked.RUN;
        ask(container);
      }
    }
    if (asked != null) {
      asked.flush();
    }
  }

  /** Asks the launcher for a container, and again for what was asked about it before. */
  private void ask(Tracked container) {
    String question = container.question();
    if (resident != null) {
      container.sent = true;
      resident.send(question);
      container.controls.forEach(resident::send);
    }
  }

  private void fail(ContainerId id, String stage, String message) {
    callbacks.add(() -> listener.launchFailed(id, stage, message));
  }

  private void end(ContainerId id, ContainerEnd end) {
    if (containers.remove(id) == null) {
      return;
    }
    switch (end) {
      case LaunchFailure(String stage, String message) -> fail(id, stage, message);
      case ExitRecord record -> callbacks.add(() -> listener.exited(id, record));
    }
  }

  @Override
  public boolean signal(ContainerId id, TaskSignal signal) {
    return control(id, "signal " + id + " " + signal.number());
  }

  @Override
  public boolean kill(ContainerId id) {
    return control(id, "kill " + id);
  }

  private boolean control(ContainerId id, String request) {
    synchronized (lock) {
      Tracked container = containers.get(id);
      if (container == null || (resident != null && resident.waiting() > MAX_WAITING_REQUESTS)) {
        return false;
      }
      container.controls.add(request);
      if (resident != null && container.asked != Tracked.Asked.NOTHING) {
        resident.send(request);
        flushLater();
      }
      return true;
    }
  }

  @Override
  public void resize(ContainerId id, ResourceLimits wanted) {
    synchronized (lock) {
      Tracked container = containers.get(id);
      if (container == null) {
        return;
      }
      long memory = Math.max(container.limits.memoryBytes(), wanted.memoryBytes());
      container.limits = new ResourceLimits(wanted.cpuThousandths(), memory);
      container.isResized = true;
      if (container.pid != 0) {
        Thread.startVirtualThread(() -> writeLimits(container));
      }
    }
  }

  /** One at a time, and always the latest limits: whoever comes last leaves what is wanted. */
  private void writeLimits(Tracked container) {
    resizing.lock();
    try {
      ResourceLimits limits;
      synchronized (lock) {
        limits = container.limits;
      }
      CgroupPlan plan = CgroupPlan.of(roots, container.id, limits, cfsQuota);
      for (Map.Entry<Path, String> write : plan.writes().entrySet()) {
        Files.writeString(write.getKey(), write.getValue(), StandardOpenOption.WRITE);
      }
    } catch (NoSuchFileException ended) {
      // So it needs no limits any more.
    } catch (IOException refused) {
      LOG.warn("container {} keeps a limit: {}", container.id, refused.toString());
    } finally {
      resizing.unlock();
    }
  }

  @Override
  public Set<ContainerId> containers() {
    synchronized (lock) {
      return Set.copyOf(containers.keySet());
    }
  }

  @Override
  public Optional<ContainerStatistics> statistics(ContainerId id) {
    CgroupPlan plan;
    long pid;
    long startTicks;
    synchronized (lock) {
      Tracked container = containers.get(id);
      if (container == null || container.pid == 0) {
        return Optional.empty();
      }
      plan = container.plan;
      pid = container.pid;
      startTicks = container.startTicks;
    }
    // The task's parent is the container's init, to which all orphans come.
    return CgroupFigures.read(plan)
        .or(() ->
            ProcessTree.read(pid)
                .filter(task -> task.startTicks() == startTicks)
                .flatMap(task -> ProcessTree.statisticsBelow(task.parent())));
  }

  @Override
  public RuntimeDescription describe() {
    List<String> notes = new ArrayList<>(roots.notes());
    if (!host.isRoot()) {
      notes.add("tasks run as the agent's own user: only root can switch");
    }
    for (String namespace : List.of("pid", "mount", "ipc")) {
      if (!host.namespaces().contains(namespace)) {
        notes.add(
            "containers share the host's " + namespace + " namespace: only root can make one");
      }
    }
    return new RuntimeDescription("launcher", true, true, host.namespaces(), roots.limits(), notes);
  }

  public Counters counters() {
    synchronized (lock) {
      return new Counters(restarts, garbageLines, refusals);
    }
  }

  /** The process id of the launcher's resident process; -1: it is being started again. */
  public long launcherPid() {
    synchronized (lock) {
      return resident == null ? -1 : resident.pid();
    }
  }

  @Override
  public void close() {
    Resident last;
    synchronized (lock) {
      closed = true;
      last = resident;
      resident = null;
    }
    callbacks.close();
    if (last != null) {
      last.close();
    }
  }

  private final class FromResident implements Resident.Listener {

    @Override
    public void heard(Resident speaker, LauncherEvent event) {
      synchronized (lock) {
        // What one that died still says is asked of its successor again.
        if (speaker != resident) {
          return;
        }
        switch (event) {
          case LauncherEvent.Hello hello -> {}
          case LauncherEvent.Started(ContainerId id, long pid, long startTicks) ->
              started(id, pid, startTicks);
          case LauncherEvent.Ended(ContainerId id, ContainerEnd end) -> end(id, end);
          case LauncherEvent.Refused(ContainerId id, String text) -> refused(id, text);
        }
      }
    }

    private void started(ContainerId id, long pid, long startTicks) {
      Tracked container = containers.get(id);
      if (container == null) {
        return;
      }
      container.answered = true;
      container.pid = pid;
      container.startTicks = startTicks;
      if (container.isResized) {
        Thread.startVirtualThread(() -> writeLimits(container));
      }
      if (!container.toldStart) {
        container.toldStart = true;
        callbacks.add(() -> listener.started(id, pid));
      }
    }

    /** A control request that comes too late is no matter; an unanswered question is an answer. */
    private void refused(ContainerId id, String text) {
      refusals++;
      Tracked container = containers.get(id);
      if (container == null || container.answered) {
        return;
      }
      LOG.warn("the launcher refused container {}: {}", id, text);
      end(
          id,
          container.asked == Tracked.Asked.RUN
              ? new LaunchFailure("launcher", text)
              : ExitRecord.lost(text));
    }

    @Override
    public void heardGarbage(Resident speaker, String line) {
      synchronized (lock) {
        garbageLines++;
        // Each power of two: a flood does not fill the log.
        if (Long.bitCount(garbageLines) == 1) {
          LOG.warn(
              "{} lines from the launcher were no events, the last one: {}",
              garbageLines,
              line.replaceAll("[^ -~]", "?"));
        }
      }
    }

    @Override
    public void ended(Resident speaker) {
      synchronized (lock) {
        if (closed || speaker != resident) {
          return;
        }
        resident = null;
        restarts++;
        startsInARow = speaker.ageNanos() > GOOD_LIFE_NANOS ? 0 : startsInARow;
        LOG.warn("the launcher {} ended; starting it again", speaker.pid());
      }
      restart();
    }
  }

  /** Tries until it succeeds or the runtime is closed. On a thread of its own. */
  private void restart() {
    while (true) {
      try {
        Thread.sleep(delayMillis());
        adopt(Resident.start(command, residentListener));
        return;
      } catch (IOException failed) {
        LOG.error("the launcher cannot be started again, trying on", failed);
        if (!failWaiting(failed.getMessage())) {
          return;
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Asks the new launcher for all containers; ends it if the runtime was closed meanwhile. */
  private void adopt(Resident fresh) {
    synchronized (lock) {
      if (!closed) {
        resident = fresh;
        containers.values().stream()
            .filter(container -> container.asked != Tracked.Asked.NOTHING)
            .forEach(this::ask);
        flushLater();
        fresh.watchEnd();
        return;
      }
    }
    fresh.close();
  }

  private long delayMillis() {
    synchronized (lock) {
      int start = startsInARow++;
      return start == 0 ? 0 : Math.min(FIRST_DELAY_MILLIS << Math.min(start, 10), MAX_DELAY_MILLIS);
    }
  }

  /** Fails what no launcher ever heard of; the rest may run. False if the runtime is closed. */
  private boolean failWaiting(@Nullable String reason) {
    synchronized (lock) {
      List<ContainerId> waiting = new ArrayList<>();
      for (Tracked container : containers.values()) {
        if (container.asked == Tracked.Asked.RUN && !container.sent) {
          waiting.add(container.id);
        }
      }
      waiting.forEach(id -> end(id, new LaunchFailure("launcher", String.valueOf(reason))));
      return !closed;
    }
  }
}
