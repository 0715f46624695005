package io.perigee.simulator;

import io.perigee.common.SeededRandom;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Executors that a framework wanted, what it heard of them, and whether it may have heard it. */
final class ExecutorTracks {
  /** What each of them takes beside its tasks. */
  static final Resources OWN =
      Resources.of(
          Resource.scalar("cpus", 100),
          Resource.scalar("mem", 32_000),
          Resource.scalar("disk", 10_000));

  /** Where one was wanted, as calls name it. */
  record Place(String agentId, String executorId) {
    AgentID agent() {
      return AgentID.newBuilder().setValue(agentId).build();
    }

    ExecutorID executor() {
      return ExecutorID.newBuilder().setValue(executorId).build();
    }
  }

  private static final class Counts {
    private int launches;
    private int ends;
  }

  private final Map<Place, Counts> places = new LinkedHashMap<>();

  /** Describes an executor always in the same way. */
  static ExecutorInfo info(String id, ExecutorInfo.Type type, FrameworkID frameworkId) {
    ExecutorInfo.Builder info =
        ExecutorInfo.newBuilder()
            .setType(type)
            .setExecutorId(ExecutorID.newBuilder().setValue(id))
            .setFrameworkId(frameworkId)
            .addAllResources(ResourceWire.write(OWN, ResourceWire.Format.POST_REFINEMENT));
    return type == ExecutorInfo.Type.DEFAULT
        ? info.build()
        : info.setCommand(CommandInfo.newBuilder().setValue("./executor")).build();
  }

  private Counts counts(String agentId, String executorId) {
    return places.computeIfAbsent(new Place(agentId, executorId), place -> new Counts());
  }

  /** Tasks were launched for it, which start it if it does not run. */
  void launched(String agentId, String executorId) {
    counts(agentId, executorId).launches++;
  }

  /** An offer says that these run: none that was never wanted, or whose end was told since. */
  Optional<String> offered(String agentId, List<String> executorIds) {
    for (String executorId : executorIds) {
      Counts counts = counts(agentId, executorId);
      if (counts.launches <= counts.ends) {
        return Optional.of(
            executorId + " on " + agentId + " is offered after " + counts.ends + " ends");
      }
    }
    return Optional.empty();
  }

  /** A FAILURE: of one that was launched more often than it has ended. */
  Optional<String> ended(String agentId, String executorId) {
    Counts counts = counts(agentId, executorId);
    counts.ends++;
    return counts.ends <= counts.launches
        ? Optional.empty()
        : Optional.of(
            executorId
                + " on "
                + agentId
                + " ended "
                + counts.ends
                + " times, and was launched "
                + counts.launches
                + " times");
  }

  boolean isKnown(String agentId, String executorId) {
    return places.containsKey(new Place(agentId, executorId));
  }

  /** Any of those that it ever wanted. */
  Optional<Place> one(SeededRandom random) {
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(List.copyOf(places.keySet()).get(random.nextInt(places.size())));
  }

  void clear() {
    places.clear();
  }
}
