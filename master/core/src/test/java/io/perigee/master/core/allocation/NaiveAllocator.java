package io.perigee.master.core.allocation;

import io.perigee.model.Resource;
import io.perigee.model.Resources;
import io.perigee.model.Roles;
import io.perigee.model.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules of sharing, written as plainly as possible: everything is summed and sorted anew for
 * each question.
 */
final class NaiveAllocator {
  record ClientKey(int framework, String role) {}

  record Refusal(ClientKey client, int agent, Resources resources, long endNanos) {}

  record Holding(ClientKey client, int agent, Resources resources) {}

  final Map<Integer, Resources> agents = new TreeMap<>();
  final Map<Integer, Boolean> isAgentActive = new HashMap<>();
  final Map<Integer, FrameworkProfile> profiles = new TreeMap<>();
  final Map<Integer, TreeSet<String>> activeRoles = new HashMap<>();
  final List<Holding> held = new ArrayList<>();
  final List<Refusal> refusals = new ArrayList<>();

  /** How often each line of siblings' member was served: client, ".", or role path. */
  final Map<String, Long> served = new HashMap<>();

  Resources available(int agent) {
    Resources available = agents.get(agent);
    for (Holding holding : held) {
      if (holding.agent() == agent) {
        available = available.minus(holding.resources());
      }
    }
    return available;
  }

  private long allocated(String scalar, String underRole, boolean isExact, int framework) {
    long sum = 0;
    for (Holding holding : held) {
      String role = holding.client().role();
      boolean matches =
          (isExact ? role.equals(underRole) : Roles.isSelfOrAncestor(underRole, role))
              && (framework < 0 || framework == holding.client().framework());
      sum += matches ? holding.resources().thousandths(scalar) : 0;
    }
    return sum;
  }

  private double share(String underRole, boolean isExact, int framework) {
    TreeMap<String, Long> totals = new TreeMap<>();
    for (Resources resources : agents.values()) {
      for (Resource resource : resources) {
        if (resource.amount() instanceof Scalar scalar) {
          totals.merge(resource.key().name(), scalar.thousandths(), Long::sum);
        }
      }
    }
    double dominant = 0;
    for (Map.Entry<String, Long> total : totals.entrySet()) {
      dominant =
          Math.max(
              dominant,
              (double) allocated(total.getKey(), underRole, isExact, framework) / total.getValue());
    }
    return dominant;
  }

  private record Place(double share, long served, String name) implements Comparable<Place> {
    @Override
    public int compareTo(Place that) {
      return Comparator.comparingDouble(Place::share)
          .thenComparingLong(Place::served)
          .thenComparing(Place::name)
          .compare(this, that);
    }
  }

  private List<Place> path(ClientKey client) {
    List<Place> path = new ArrayList<>();
    String role = client.role();
    for (int slash = role.indexOf('/'); ; slash = role.indexOf('/', slash + 1)) {
      String upper = slash < 0 ? role : role.substring(0, slash);
      path.add(
          new Place(
              share(upper, false, -1),
              served.getOrDefault("role " + upper, 0L),
              upper.substring(upper.lastIndexOf('/') + 1)));
      if (slash < 0) {
        break;
      }
    }
    path.add(new Place(share(role, true, -1), served.getOrDefault(". " + role, 0L), "."));
    path.add(
        new Place(
            share(role, true, client.framework()),
            served.getOrDefault("client " + client, 0L),
            profiles.get(client.framework()).id()));
    return path;
  }

  private static int comparePaths(List<Place> a, List<Place> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    throw new AssertionError("two clients in one place");
  }

  /** What a client may and wants to have of an agent right now; empty if nothing. */
  Resources offerable(ClientKey client, int agent, AllocatorConfig config, long nowNanos) {
    FrameworkProfile profile = profiles.get(client.framework());
    Resources offerable = available(agent).allocatableTo(client.role());
    if (!profile.takesRefined()) {
      offerable = offerable.filter(key -> key.reservations().size() < 2);
    }
    if (agents.get(agent).thousandths("gpus") > 0 && !profile.takesGpus()) {
      return Resources.EMPTY;
    }
    for (Refusal refusal : refusals) {
      if (refusal.client().equals(client)
          && refusal.agent() == agent
          && refusal.endNanos() > nowNanos
          && refusal.resources().contains(offerable)) {
        return Resources.EMPTY;
      }
    }
    MinAllocatable least =
        profile.minAllocatable().getOrDefault(client.role(), config.minAllocatable());
    return least.isMetBy(offerable) ? offerable : Resources.EMPTY;
  }

  Optional<ClientKey> firstTaker(int agent, AllocatorConfig config, long nowNanos) {
    return activeRoles.entrySet().stream()
        .flatMap(e -> e.getValue().stream().map(role -> new ClientKey(e.getKey(), role)))
        .filter(client -> !offerable(client, agent, config, nowNanos).isEmpty())
        .min((a, b) -> comparePaths(path(a), path(b)));
  }

  void give(ClientKey client, int agent, Resources resources) {
    held.add(new Holding(client, agent, resources));
    served.merge("client " + client, 1L, Long::sum);
    served.merge(". " + client.role(), 1L, Long::sum);
    for (int slash = client.role().indexOf('/'); ; slash = client.role().indexOf('/', slash + 1)) {
      served.merge(
          "role " + (slash < 0 ? client.role() : client.role().substring(0, slash)), 1L, Long::sum);
      if (slash < 0) {
        break;
      }
    }
  }
}
