package io.perigee.agent.containers.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With ordinary folders in place of the kernel's. */
class CgroupRootsTest {
  @TempDir private Path mount;

  @Test
  void parentsAreMadeInEachHierarchyOfVersionOne() {
    CgroupMounts mounts =
        new CgroupMounts(
            Map.of(
                "cpu", mount.resolve("cpu"),
                "memory", mount.resolve("memory"),
                "blkio", mount.resolve("blkio")),
            mount.resolve("unified"),
            Set.of("hugetlb"));
    assertThat(mounts.mode()).isEqualTo("hybrid");
    CgroupRoots roots = CgroupRoots.prepare(mounts, "a/b", false);
    assertThat(roots.v1())
        .containsExactly(
            Map.entry("cpu", mount.resolve("cpu/a/b")),
            Map.entry("memory", mount.resolve("memory/a/b")));
    assertThat(roots.v1().values()).allMatch(Files::isDirectory);
    assertThat(roots.v2()).isNull();
    assertThat(roots.limits()).containsExactly("cpu", "memory");
    assertThat(roots.notes()).isEmpty();
    assertThat(CgroupRoots.prepare(mounts, "a/b", true).v2())
        .isEqualTo(mount.resolve("unified/a/b"));
  }

  @Test
  void controllersOfVersionTwoAreHandedDownToTheParent() throws IOException {
    Files.createDirectories(mount.resolve("a/b"));
    for (String group : new String[] {"", "a", "a/b"}) {
      Files.writeString(mount.resolve(group).resolve("cgroup.subtree_control"), "io\n");
    }
    // Already given here: nothing is written, which the agent might not be allowed to.
    Files.writeString(mount.resolve("cgroup.subtree_control"), "memory cpu\n");
    CgroupMounts mounts = new CgroupMounts(Map.of(), mount, Set.of("cpu", "memory", "io"));
    assertThat(mounts.mode()).isEqualTo("v2");
    CgroupRoots roots = CgroupRoots.prepare(mounts, "a/b", false);
    assertThat(roots.v2Controllers()).containsExactly("cpu", "memory");
    assertThat(mount.resolve("cgroup.subtree_control")).hasContent("memory cpu");
    assertThat(Files.readString(mount.resolve("a/cgroup.subtree_control"))).contains("+");
    assertThat(roots.notes()).isEmpty();
  }

  @Test
  void whatDoesNotWorkIsNoted() {
    // No cgroup.subtree_control: refused, as the kernel would.
    CgroupMounts mounts = new CgroupMounts(Map.of(), mount, Set.of("cpu", "memory"));
    CgroupRoots roots = CgroupRoots.prepare(mounts, "p", false);
    assertThat(roots.v2()).isEqualTo(mount.resolve("p"));
    assertThat(roots.limits()).isEmpty();
    assertThat(roots.notes())
        .containsExactly(
            "cgroup controller cpu is refused by " + mount.resolve("cgroup.subtree_control"),
            "cgroup controller memory is refused by " + mount.resolve("cgroup.subtree_control"),
            "cpu is not limited: no usable cgroup controller 'cpu'",
            "memory is not limited: no usable cgroup controller 'memory'");

    CgroupRoots impossible =
        CgroupRoots.prepare(
            new CgroupMounts(Map.of("cpu", Path.of("/proc/self")), null, Set.of()), "p", false);
    assertThat(impossible.v1()).isEmpty();
    assertThat(impossible.notes()).hasSize(3);
    assertThat(impossible.notes().getFirst()).startsWith("cgroup /proc/self/p cannot be created");
    assertThat(CgroupMounts.NONE.mode()).isEqualTo("none");
    assertThat(CgroupRoots.prepare(CgroupMounts.NONE, "p", true).notes()).hasSize(2);
  }
}
