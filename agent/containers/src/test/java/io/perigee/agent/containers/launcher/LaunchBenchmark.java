package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ContainerListener;
import io.perigee.agent.containers.ContainerSpec;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.cgroup.CgroupMounts;
import io.perigee.agent.containers.cgroup.CgroupPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Measures launches of {@code true} beside two yardsticks of the same run: the JDK's own processes
 * and a loop of fork and exec in C. Run by hand, see the module's README.md; argument: a folder for
 * the containers.
 */
public final class LaunchBenchmark implements ContainerListener {
  private static final int WARM_UP = 300;
  private static final int LAUNCHES = 200;
  private static final int TASKS = 3000;
  private static final int AT_A_TIME = 16;

  private final Map<ContainerId, Sample> samples = new ConcurrentHashMap<>();

  private static final class Sample {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable atEnd;
    private volatile long startedNanos;
    private volatile long exitedNanos;

    private Sample(Runnable atEnd) {
      this.atEnd = atEnd;
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    Files.createDirectories(folder);
    Path binary =
        ((LauncherBinary.Extraction.Ready) LauncherBinary.extract(folder.resolve("bin"))).binary();
    LauncherHost host = LauncherHost.probe(List.of(binary.toString()));
    LauncherHost bare = new LauncherHost(host.uid(), List.of(), CgroupMounts.NONE);
    LauncherHost namespaces = new LauncherHost(host.uid(), host.namespaces(), CgroupMounts.NONE);
    new LaunchBenchmark().measure("bare", folder, binary, bare);
    new LaunchBenchmark().measure("namespaces", folder, binary, namespaces);
    new LaunchBenchmark().measure("namespaces and cgroups", folder, binary, host);
  }

  private static double jdkProcessMillis() throws IOException, InterruptedException {
    long from = System.nanoTime();
    new ProcessBuilder("/bin/true").start().waitFor();
    return (System.nanoTime() - from) / 1e6;
  }

  private static void printSpawnLoop(Path folder) throws IOException, InterruptedException {
    Path source = folder.resolve("spawn-loop.c");
    try (InputStream in = LaunchBenchmark.class.getResourceAsStream("spawn-loop.c")) {
      Files.write(source, in.readAllBytes());
    }
    String program = folder.resolve("spawn-loop").toString();
    new ProcessBuilder("cc", "-O2", source.toString(), "-o", program).inheritIO().start().waitFor();
    Process loop = new ProcessBuilder(program, "1000").start();
    String micros =
        new String(loop.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    System.out.printf(
        Locale.ROOT,
        "  %-46s %.2f ms%n",
        "fork + exec + wait in C",
        Double.parseDouble(micros) / 1e3);
  }

  private void measure(String name, Path folder, Path binary, LauncherHost host)
      throws IOException, InterruptedException {
    CgroupPolicy policy = new CgroupPolicy("perigee-benchmark", true);
    Path containers = Files.createTempDirectory(folder, "run");
    System.out.println(name);
    printSpawnLoop(folder);
    try (LauncherRuntime runtime =
        LauncherRuntime.start(List.of(binary.toString()), host, policy, 1000, this)) {
      for (int i = 0; i < WARM_UP; i++) {
        launch(runtime, containers, "w" + i, () -> {}).done.await();
      }
      double[] jdk = new double[LAUNCHES];
      double[] started = new double[LAUNCHES];
      double[] exited = new double[LAUNCHES];
      for (int i = 0; i < LAUNCHES; i++) {
        // Taken in turns, so that what else the machine does meets both alike.
        jdk[i] = jdkProcessMillis();
        long from = System.nanoTime();
        Sample sample = launch(runtime, containers, "s" + i, () -> {});
        sample.done.await();
        started[i] = (sample.startedNanos - from) / 1e6;
        exited[i] = (sample.exitedNanos - from) / 1e6;
      }
      print("process of the JDK, start to exit", jdk);
      print("launch to started", started);
      print("launch to exited", exited);
      Semaphore free = new Semaphore(AT_A_TIME);
      long from = System.nanoTime();
      for (int i = 0; i < TASKS; i++) {
        free.acquire();
        var _ = launch(runtime, containers, "t" + i, free::release);
      }
      free.acquire(AT_A_TIME);
      double seconds = (System.nanoTime() - from) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "  %-46s %.0f tasks/s (%d tasks, %d at a time)%n",
          "throughput",
          TASKS / seconds,
          TASKS,
          AT_A_TIME);
    }
  }

  private Sample launch(LauncherRuntime runtime, Path containers, String name, Runnable atEnd)
      throws IOException {
    ContainerId id = new ContainerId(name);
    Path folder = Files.createDirectory(containers.resolve(name));
    Sample sample = new Sample(atEnd);
    samples.put(id, sample);
    runtime.launch(
        ContainerSpec.builder(id, folder)
            .argv("/bin/true")
            .stdout(folder.resolve("stdout"))
            .stderr(folder.resolve("stderr"))
            .limits(new ResourceLimits(100, 64 << 20))
            .build());
    return sample;
  }

  private static void print(String name, double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "  %-46s median %.2f ms, p95 %.2f ms (%d launches)%n",
        name,
        sorted[sorted.length / 2],
        sorted[sorted.length * 95 / 100],
        sorted.length);
  }

  @Override
  public void started(ContainerId id, long pid) {
    sample(id).startedNanos = System.nanoTime();
  }

  @Override
  public void launchFailed(ContainerId id, String stage, String message) {
    throw new AssertionError(id + " " + stage + " " + message);
  }

  @Override
  public void exited(ContainerId id, ExitRecord record) {
    Sample sample = sample(id);
    sample.exitedNanos = System.nanoTime();
    samples.remove(id);
    sample.done.countDown();
    sample.atEnd.run();
  }

  private Sample sample(ContainerId id) {
    return Objects.requireNonNull(samples.get(id));
  }
}
