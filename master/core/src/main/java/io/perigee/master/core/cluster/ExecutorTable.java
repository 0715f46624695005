package io.perigee.master.core.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executors of one agent by their framework, or of one framework by their agent, and then by their
 * own id. Most agents and frameworks have none, which must cost nothing.
 */
final class ExecutorTable {
  private final Map<String, Map<String, Executor>> owners = new LinkedHashMap<>();

  void put(String ownerId, Executor executor) {
    owners.computeIfAbsent(ownerId, id -> new LinkedHashMap<>()).put(executor.id(), executor);
  }

  @Nullable Executor get(String ownerId, String executorId) {
    Map<String, Executor> executors = owners.get(ownerId);
    return executors == null ? null : executors.get(executorId);
  }

  void remove(String ownerId, String executorId) {
    Map<String, Executor> executors = owners.get(ownerId);
    if (executors != null && executors.remove(executorId) != null && executors.isEmpty()) {
      owners.remove(ownerId);
    }
  }

  /** Ids of one owner's executors; immutable. */
  List<String> ids(String ownerId) {
    Map<String, Executor> executors = owners.get(ownerId);
    return executors == null ? List.of() : List.copyOf(executors.keySet());
  }

  /** A copy. */
  List<Executor> all() {
    if (owners.isEmpty()) {
      return List.of();
    }
    List<Executor> all = new ArrayList<>();
    owners.values().forEach(executors -> all.addAll(executors.values()));
    return all;
  }
}
