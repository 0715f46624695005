package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.Offer.Operation;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What happened between the master and one framework. Owned by the loop; snapshots are copies. */
public final class FrameworkCounters {
  private final EnumMap<Call.Type, Long> calls = new EnumMap<>(Call.Type.class);
  private final EnumMap<Event.Type, Long> events = new EnumMap<>(Event.Type.class);
  private final EnumMap<TaskState, Long> terminalTasks = new EnumMap<>(TaskState.class);
  private final EnumMap<Operation.Type, Long> operations = new EnumMap<>(Operation.Type.class);
  private long offersSent;
  private long offersAccepted;
  private long offersDeclined;
  private long offersRescinded;

  /** A moment's values; what never happened is absent. Immutable. */
  public record Snapshot(
      Map<Call.Type, Long> calls,
      Map<Event.Type, Long> events,
      Map<TaskState, Long> terminalTasks,
      Map<Operation.Type, Long> operations,
      long offersSent,
      long offersAccepted,
      long offersDeclined,
      long offersRescinded) {}

  void call(Call.Type type) {
    calls.merge(type, 1L, Long::sum);
  }

  public void event(Event.Type type) {
    events.merge(type, 1L, Long::sum);
  }

  public void terminalTask(TaskState state) {
    terminalTasks.merge(state, 1L, Long::sum);
  }

  /** An operation of an ACCEPT whose offers were right, whatever became of it. */
  public void operation(Operation.Type type) {
    operations.merge(type, 1L, Long::sum);
  }

  public void offerSent() {
    offersSent++;
  }

  public void offerAccepted() {
    offersAccepted++;
  }

  public void offerDeclined() {
    offersDeclined++;
  }

  public void offerRescinded() {
    offersRescinded++;
  }

  Snapshot snapshot() {
    return new Snapshot(
        Collections.unmodifiableMap(new EnumMap<>(calls)),
        Collections.unmodifiableMap(new EnumMap<>(events)),
        Collections.unmodifiableMap(new EnumMap<>(terminalTasks)),
        Collections.unmodifiableMap(new EnumMap<>(operations)),
        offersSent,
        offersAccepted,
        offersDeclined,
        offersRescinded);
  }
}
