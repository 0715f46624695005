package io.perigee.master.core.planted;

/** Each nested class does one thing that a core must not. */
@SuppressWarnings("all") // They are here to be caught.
public final class Impure {
  private Impure() {}

  record OpensSocket(java.net.Socket socket) {}

  record NamesFile(java.nio.file.Path file) {}

  record NamesOldFile(java.io.File file) {}

  record StartsProcess(ProcessBuilder builder) {}

  record SeesProcess(ProcessHandle.Info process) {}

  record StartsThread(Thread thread) {}

  record RunsThreads(java.util.concurrent.ExecutorService threads) {}

  record HasChance(java.util.Random random) {}

  record HasThreadsChance(java.util.concurrent.ThreadLocalRandom random) {}

  record HasClock(java.time.Clock clock) {}

  record Logs(org.slf4j.Logger log) {}

  record UsesNet(io.perigee.net.http.Response response) {}

  static final class ReadsTime {
    long now() {
      return System.currentTimeMillis();
    }
  }

  static final class ReadsNanos {
    long now() {
      return System.nanoTime();
    }
  }

  static final class ReadsInstant {
    Object now() {
      return java.time.Instant.now();
    }
  }

  static final class ReadsEnvironment {
    Object home() {
      return System.getenv("HOME");
    }
  }

  static final class RollsDice {
    double roll() {
      return Math.random();
    }
  }

  static final class DrawsId {
    Object draw() {
      return java.util.UUID.randomUUID();
    }
  }

  static final class RunsInParallel {
    Object run(java.util.List<String> texts) {
      return texts.parallelStream().toList();
    }
  }
}
