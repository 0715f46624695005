package io.perigee.agent.containers.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The containers' common parents, made ready.
 *
 * @param v1 parent in the hierarchy of each controller: some of {@code cpu}, {@code cpuacct},
 *     {@code memory}
 * @param v2 parent in the version 2 hierarchy; null: not needed or not usable
 * @param v2Controllers those that its children may use
 * @param notes one sentence for each thing that does not work, with its reason
 */
public record CgroupRoots(
    Map<String, Path> v1, @Nullable Path v2, Set<String> v2Controllers, List<String> notes) {
  public static final CgroupRoots NONE = new CgroupRoots(Map.of(), null, Set.of(), List.of());

  /** What containers are limited and measured by. */
  private static final List<String> WANTED = List.of("cpu", "cpuacct", "memory");

  private static final List<String> LIMITS = List.of("cpu", "memory");

  public CgroupRoots {
    v1 = new TreeMap<>(v1);
    v2Controllers = new TreeSet<>(v2Controllers);
    notes = List.copyOf(notes);
  }

  /** What is enforced: {@code cpu}, {@code memory}. */
  public List<String> limits() {
    return LIMITS.stream()
        .filter(name -> v1.containsKey(name) || v2Controllers.contains(name))
        .toList();
  }

  /**
   * Creates the parents and hands the controllers down to them. Reads and writes the kernel's
   * files; safe to repeat.
   *
   * @param killsByCgroup whether a version 2 group is wanted for its kill file alone: where there
   *     are no pid namespaces
   */
  public static CgroupRoots prepare(CgroupMounts mounts, String root, boolean killsByCgroup) {
    List<String> notes = new ArrayList<>();
    Map<String, Path> v1 = new TreeMap<>();
    mounts
        .v1()
        .forEach((controller, mount) -> {
          if (WANTED.contains(controller)) {
            parent(mount, root, notes).ifPresent(parent -> v1.put(controller, parent));
          }
        });
    Set<String> wantedOfV2 = new TreeSet<>(mounts.v2Controllers());
    wantedOfV2.retainAll(WANTED);
    wantedOfV2.removeAll(v1.keySet());
    Path mount = mounts.v2();
    boolean wantsV2 = !wantedOfV2.isEmpty() || killsByCgroup || v1.isEmpty();
    Optional<Path> v2 = mount != null && wantsV2 ? parent(mount, root, notes) : Optional.empty();
    Set<String> handedDown = new TreeSet<>();
    if (mount != null && v2.isPresent()) {
      for (String controller : wantedOfV2) {
        if (handDown(mount, v2.get(), controller, notes)) {
          handedDown.add(controller);
        }
      }
    }
    for (String limit : LIMITS) {
      if (!v1.containsKey(limit) && !handedDown.contains(limit)) {
        notes.add(limit + " is not limited: no usable cgroup controller '" + limit + "'");
      }
    }
    return new CgroupRoots(v1, v2.orElse(null), handedDown, notes);
  }

  private static Optional<Path> parent(Path mount, String root, List<String> notes) {
    Path parent = mount.resolve(root);
    try {
      Files.createDirectories(parent);
    } catch (IOException refused) {
      notes.add("cgroup " + parent + " cannot be created (" + refused.getClass().getName() + ")");
      return Optional.empty();
    }
    if (!Files.isWritable(parent)) {
      notes.add("cgroup " + parent + " is not writable");
      return Optional.empty();
    }
    return Optional.of(parent);
  }

  /** A controller works in a group if every group above names it in cgroup.subtree_control. */
  private static boolean handDown(Path mount, Path parent, String controller, List<String> notes) {
    Path group = mount;
    for (Path name : mount.relativize(parent.resolve("child"))) {
      Path control = group.resolve("cgroup.subtree_control");
      try {
        if (!List.of(Files.readString(control).strip().split(" ")).contains(controller)) {
          Files.writeString(control, "+" + controller);
        }
      } catch (IOException refused) {
        notes.add("cgroup controller " + controller + " is refused by " + control);
        return false;
      }
      group = group.resolve(name);
    }
    return true;
  }
}
