package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ProcessLimit;
import io.perigee.agent.containers.UserIdentity;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file that tells the launcher what to run: NUL-ended {@code key=value} entries in UTF-8. */
final class SpecFile {
  static final String NAME = "spec";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

  private SpecFile() {}

  /**
   * @param user to switch to; null: stay
   * @param namespaces {@code pid}, {@code mount}, {@code ipc}
   */
  static byte[] encode(
      ContainerSpec spec, @Nullable UserIdentity user, List<String> namespaces, CgroupPlan plan) {
    SpecFile file = new SpecFile();
    file.add("id", spec.id());
    file.add("executable", spec.executable());
    spec.argv().forEach(argument -> file.add("argv", argument));
    spec.environment().forEach((name, value) -> file.add("env", name + "=" + value));
    file.add("cwd", spec.workingDirectory());
    file.add("stdout", spec.stdout());
    file.add("stderr", spec.stderr());
    if (user != null) {
      file.add("uid", user.uid());
      file.add("gid", user.gid());
      user.groups().forEach(group -> file.add("group", group));
    }
    namespaces.forEach(namespace -> file.add("namespace", namespace));
    file.add(plan);
    for (ProcessLimit limit : spec.processLimits()) {
      file.add(
          "rlimit",
          limit.resource().number() + " " + text(limit.soft()) + " " + text(limit.hard()));
    }
    if (spec.dieWithAgent()) {
      file.add("die_with_agent", 1);
    }
    return file.bytes.toByteArray();
  }

  private void add(CgroupPlan plan) {
    plan.directories().forEach(directory -> add("cgroup", directory));
    plan.writes()
        .forEach((path, value) -> {
          add("write", path);
          add("value", value);
        });
    plan.joins().forEach(path -> add("join", path));
    add("oom_file", plan.oomFile());
    add("cpu_file", plan.cpuFile());
    add("kill_file", plan.killFile());
  }

  /** An entry; nothing if the value is null. */
  private void add(String key, @Nullable Object value) {
    if (value != null) {
      bytes.writeBytes((key + "=" + value).getBytes(StandardCharsets.UTF_8));
      bytes.write(0);
    }
  }

  private static String text(long limit) {
    return limit == ProcessLimit.UNLIMITED ? "-" : Long.toString(limit);
  }

  /** Where the specification of a container is. */
  static Path in(Path folder) {
    return folder.resolve(NAME);
  }
}
