package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.cgroup.CgroupMounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher's probe found out about this machine.
 *
 * @param uid that the launcher runs as
 * @param namespaces that it can make: {@code pid}, {@code mount}, {@code ipc}
 * @param cgroups those that it may write to
 */
public record LauncherHost(long uid, List<String> namespaces, CgroupMounts cgroups) {
  public LauncherHost {
    namespaces = List.copyOf(namespaces);
  }

  public boolean isRoot() {
    return uid == 0;
  }

  /**
   * Runs the probe; blocks.
   *
   * @param command the launcher's program, after whatever runs it
   */
  public static LauncherHost probe(List<String> command) throws IOException {
    List<String> words = new ArrayList<>(command);
    words.add("probe");
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readNBytes(65536), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("its probe failed: " + output.strip());
      }
      return parse(output);
    } catch (IllegalArgumentException unexpected) {
      throw new IOException(unexpected.getMessage(), unexpected);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Reads what {@code perigee-launcher probe} prints.
   *
   * @throws IllegalArgumentException if that is something else, or of another version
   */
  public static LauncherHost parse(String output) {
    int version = -1;
    long uid = -1;
    List<String> namespaces = new ArrayList<>();
    Map<String, Path> v1 = new TreeMap<>();
    @Nullable Path v2 = null;
    Set<String> v2Controllers = new TreeSet<>();
    for (String line : output.split("\n")) {
      int equals = line.indexOf('=');
      String value = line.substring(equals + 1);
      switch (line.substring(0, Math.max(equals, 0))) {
        case "launcher" -> version = Integer.parseInt(value);
        case "uid" -> uid = Long.parseLong(value);
        case "namespace" -> namespaces.add(value);
        case "cgroup1" -> {
          String[] words = value.split(" ", 3);
          if (words.length == 3 && words[1].equals("rw")) {
            v1.put(words[0], Path.of(words[2]));
          }
        }
        case "cgroup2" -> {
          String[] words = value.split(" ", 2);
          if (words.length == 2 && words[0].equals("rw")) {
            v2 = Path.of(words[1]);
          }
        }
        case "cgroup2_controller" -> v2Controllers.add(value);
        default -> {
          // A newer launcher may know more.
        }
      }
    }
    if (version != LauncherEvent.VERSION || uid < 0) {
      throw new IllegalArgumentException(
          "the launcher's probe is of version " + version + ", expected " + LauncherEvent.VERSION);
    }
    return new LauncherHost(uid, namespaces, new CgroupMounts(v1, v2, v2Controllers));
  }
}
