package io.perigee.agent.containers;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Remembers what a runtime told, and what it should not have told. */
public final class RecordingListener implements ContainerListener {
  /** Long enough for a machine that does much else. */
  private static final int PATIENCE_SECONDS = 60;

  private final Map<ContainerId, CompletableFuture<Long>> starts = new ConcurrentHashMap<>();
  private final Map<ContainerId, CompletableFuture<ContainerEnd>> ends = new ConcurrentHashMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();

  @Override
  public void started(ContainerId id, long pid) {
    if (end(id).isDone()) {
      violations.add("started after its end: " + id);
    }
    if (!start(id).complete(pid)) {
      violations.add("started twice: " + id);
    }
  }

  @Override
  public void launchFailed(ContainerId id, String stage, String message) {
    if (start(id).isDone()) {
      violations.add("failed after its start: " + id);
    }
    ended(id, new LaunchFailure(stage, message));
  }

  @Override
  public void exited(ContainerId id, ExitRecord record) {
    ended(id, record);
  }

  private void ended(ContainerId id, ContainerEnd end) {
    if (!end(id).complete(end)) {
      violations.add("ended twice: " + id + " " + end);
    }
  }

  public CompletableFuture<Long> start(ContainerId id) {
    return starts.computeIfAbsent(id, _ -> new CompletableFuture<>());
  }

  public CompletableFuture<ContainerEnd> end(ContainerId id) {
    return ends.computeIfAbsent(id, _ -> new CompletableFuture<>());
  }

  /** Waits for the start; the task's pid. */
  public long awaitStart(ContainerId id) {
    return await(start(id), "start of " + id + " (its end: " + end(id) + ")");
  }

  public ContainerEnd awaitEnd(ContainerId id) {
    return await(end(id), "end of " + id);
  }

  /** Calls against the contract. */
  public List<String> violations() {
    return violations;
  }

  private static <T> T await(CompletableFuture<T> future, String what) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException failed) {
      throw new AssertionError("waited in vain for the " + what, failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }
}
