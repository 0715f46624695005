package io.perigee.agent.containers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Resolves user names through the system's {@code id}, which asks whatever the machine is set up to
 * ask (files, LDAP, SSSD); neither Java nor a static launcher could. Answers are kept for a minute,
 * failures are not. Safe for all threads; blocks while {@code id} runs.
 */
public final class SystemUsers {
  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int MOST_KEPT = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 1 << 20;

  /** What became of a name. */
  public sealed interface Answer {
    record Found(UserIdentity user) implements Answer {}

    /**
     * @param message for the task's owner
     */
    record Unknown(String message) implements Answer {}
  }

  private record Kept(UserIdentity user, long sinceNanos) {}

  private final Map<String, Kept> kept =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /** The words of the message are Mesos' (src/slave/containerizer/mesos/containerizer.cpp). */
  public Answer resolve(String name) {
    long now = System.nanoTime();
    synchronized (kept) {
      Kept known = kept.get(name);
      if (known != null && now - known.sinceNanos() < KEPT.toNanos()) {
        return new Answer.Found(known.user());
      }
    }
    try {
      UserIdentity user =
          new UserIdentity(id("-u", name).getFirst(), id("-g", name).getFirst(), id("-G", name));
      synchronized (kept) {
        kept.remove(name);
        kept.put(name, new Kept(user, now));
      }
      return new Answer.Found(user);
    } catch (IOException unknown) {
      return new Answer.Unknown(
          "Failed to get user information for '" + name + "': " + unknown.getMessage());
    }
  }

  /** Numbers that {@code id} prints. */
  private static List<Long> id(String option, String name) throws IOException {
    Process process =
        new ProcessBuilder("id", option, "--", name).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("no answer within " + PATIENCE.toSeconds() + " s");
      }
      String output =
          new String(process.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8)
              .strip();
      if (process.exitValue() != 0) {
        throw new IOException(output);
      }
      List<Long> numbers = new ArrayList<>();
      for (String word : output.split(" ")) {
        numbers.add(Long.parseLong(word));
      }
      return numbers;
    } catch (NumberFormatException notNumbers) {
      throw new IOException("id " + option + " printed no numbers", notNumbers);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    } finally {
      process.destroyForcibly();
    }
  }
}
