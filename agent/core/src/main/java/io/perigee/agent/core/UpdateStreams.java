package io.perigee.agent.core;

import com.google.protobuf.ByteString;
import io.perigee.common.loop.Deadlines;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.TaskStates;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings updates of tasks to the master, in order and at least once: of each task only the first
 * that is not acknowledged is sent, again and again until it is. Source:
 * mesos/src/slave/task_status_update_manager.cpp.
 */
final class UpdateStreams {
  private static final long FIRST_REPEAT_NANOS = 10_000_000_000L;
  private static final long LONGEST_REPEAT_NANOS = 600_000_000_000L;

  /** Of one task; more are refused, but for the last one. */
  private static final int MOST_WAITING = 1000;

  private static final long MOST_WAITING_BYTES = 16L << 20;

  private final Deadlines<Timer> timers;
  private final Map<TaskKey, Stream> streams = new LinkedHashMap<>();

  private static final class Stream {
    /** Never empty but between two calls. */
    private final ArrayDeque<TaskStatus> waiting = new ArrayDeque<>();

    private long waitingBytes;

    private TaskState latest = TaskState.TASK_STAGING;
    private long repeatNanos = FIRST_REPEAT_NANOS;
  }

  UpdateStreams(Deadlines<Timer> timers) {
    this.timers = timers;
  }

  /** Whether one more update of a task may wait. There is always room for its end. */
  boolean hasRoom(TaskKey task, TaskStatus status) {
    Stream stream = streams.get(task);
    return stream == null
        || TaskStates.isTerminal(status.getState())
        || (stream.waiting.size() < MOST_WAITING
            && stream.waitingBytes + status.getSerializedSize() <= MOST_WAITING_BYTES);
  }

  /**
   * Adds an update.
   *
   * @param link to the master, or 0 without one: then it waits for {@link #resume}
   */
  void add(Turn turn, long link, TaskKey task, TaskStatus status) {
    Stream stream = streams.computeIfAbsent(task, t -> new Stream());
    stream.waiting.addLast(status);
    stream.waitingBytes += status.getSerializedSize();
    stream.latest = status.getState();
    if (stream.waiting.size() == 1) {
      stream.repeatNanos = FIRST_REPEAT_NANOS;
      send(turn, link, task, stream);
    }
  }

  private void send(Turn turn, long link, TaskKey task, Stream stream) {
    if (link == 0) {
      return;
    }
    turn.tell(
        link,
        ToMaster.newBuilder()
            .setStatusUpdate(
                StatusUpdate.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(task.frameworkId()))
                    .setStatus(stream.waiting.getFirst())
                    .setLatestState(stream.latest)));
    timers.set(new Timer.Repeat(task), turn.nowNanos() + stream.repeatNanos);
  }

  /** An update was not acknowledged in time: once more, and then twice as long. */
  void repeat(Turn turn, long link, TaskKey task) {
    Stream stream = streams.get(task);
    if (stream != null) {
      stream.repeatNanos = Math.min(2 * stream.repeatNanos, LONGEST_REPEAT_NANOS);
      send(turn, link, task, stream);
    }
  }

  /** Connected again: everything that waits is sent at once. */
  void resume(Turn turn, long link) {
    streams.forEach((task, stream) -> {
      stream.repeatNanos = FIRST_REPEAT_NANOS;
      send(turn, link, task, stream);
    });
  }

  /** Not connected: nothing is repeated until {@link #resume}. */
  void pause() {
    streams.keySet().forEach(task -> timers.cancel(new Timer.Repeat(task)));
  }

  /**
   * Takes note of an acknowledgement.
   *
   * @return true if the task's terminal update was acknowledged: nothing is left to tell of it
   */
  boolean acknowledge(Turn turn, long link, TaskKey task, ByteString uuid) {
    Stream stream = streams.get(task);
    if (stream == null || !stream.waiting.getFirst().getUuid().equals(uuid)) {
      return false; // A repeated acknowledgement of a repeated update.
    }
    TaskStatus acknowledged = stream.waiting.removeFirst();
    stream.waitingBytes -= acknowledged.getSerializedSize();
    timers.cancel(new Timer.Repeat(task));
    if (stream.waiting.isEmpty()) {
      streams.remove(task);
      return TaskStates.isTerminal(acknowledged.getState());
    }
    stream.repeatNanos = FIRST_REPEAT_NANOS;
    send(turn, link, task, stream);
    return false;
  }

  /** Forgets all updates of a task. */
  void drop(TaskKey task) {
    streams.remove(task);
    timers.cancel(new Timer.Repeat(task));
  }

  /** The update that the master has or gets next, or null if it has all. */
  @Nullable TaskStatus front(TaskKey task) {
    Stream stream = streams.get(task);
    return stream == null ? null : stream.waiting.getFirst();
  }

  /** Tasks with updates that are not acknowledged. */
  List<TaskKey> pending() {
    return List.copyOf(streams.keySet());
  }
}
