package io.perigee.benchmarks.idle;

import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.measure.Samples;
import io.perigee.benchmarks.process.ChildJvm;
import io.perigee.benchmarks.process.DaemonMain;
import io.perigee.benchmarks.process.JvmFlags;
import io.perigee.benchmarks.process.ProcessFacts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The three processes to compare; each has its own archive of classes. */
final class Daemons {
  private static final String TARGET_START = "<= 1500 ms";

  private final Path workDir;
  private final String classPath;

  Daemons(Path workDir, String classPath) {
    this.workDir = workDir;
    this.classPath = classPath;
  }

  private ChildJvm start(String name, List<String> flags, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    Path archive = workDir.resolve(name + ".jsa");
    return ChildJvm.start(classPath, JvmFlags.withArchive(flags, archive), main, arguments);
  }

  private ChildJvm server() throws IOException, InterruptedException {
    return start("server", JvmFlags.AGENT, EmptyServerMain.class, List.of());
  }

  private ChildJvm master() throws IOException, InterruptedException {
    return start(
        "master",
        JvmFlags.MASTER,
        DaemonMain.class,
        List.of("master", "--ip=127.0.0.1", "--port=0"));
  }

  private ChildJvm agent(ChildJvm master) throws IOException, InterruptedException {
    return start(
        "agent",
        JvmFlags.AGENT,
        DaemonMain.class,
        List.of(
            "agent",
            "--master=" + URI.create(master.firstLine()).getAuthority(),
            "--ip=127.0.0.1",
            "--port=0",
            "--resources=cpus:1;mem:128",
            "--work_dir=" + workDir.resolve("agent")));
  }

  /** Starts and ends each process. */
  void makeArchives() throws IOException, InterruptedException {
    server().close();
    try (ChildJvm master = master()) {
      agent(master).close();
    }
  }

  /** From the start of a process until it serves, an agent's until it is registered. */
  List<Figure> starts(int times) throws IOException, InterruptedException {
    Samples server = new Samples();
    Samples master = new Samples();
    Samples agent = new Samples();
    for (int i = 0; i < times; i++) {
      try (ChildJvm emptyServer = server();
          ChildJvm aMaster = master();
          ChildJvm anAgent = agent(aMaster)) {
        server.add(emptyServer.readyNanos());
        master.add(aMaster.readyNanos());
        agent.add(anAgent.readyNanos());
      }
    }
    Figure yardstick = Figure.millis("server without routes: start", server);
    return List.of(
        Figure.millis("master: start until it serves", master).beside(yardstick),
        Figure.millis("agent: start until it is registered", agent)
            .target(TARGET_START)
            .beside(yardstick));
  }

  /** Memory and CPU while nothing happens. */
  List<Figure> idle(long settleMillis, long millis) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    try (ChildJvm emptyServer = server();
        ChildJvm aMaster = master();
        ChildJvm anAgent = agent(aMaster)) {
      Thread.sleep(settleMillis);
      Load server = new Load(emptyServer);
      Load master = new Load(aMaster);
      Load agent = new Load(anAgent);
      Thread.sleep(millis);
      figures.addAll(master.figures("master", server, "", ""));
      figures.addAll(agent.figures("agent", server, "<= 120 MB", "<= 0.5 %"));
    }
    return figures;
  }

  /** What a process uses from now on. */
  private static final class Load {
    private final ProcessFacts facts;
    private final double cpuSeconds;
    private final long nanos = System.nanoTime();

    private Load(ChildJvm child) throws IOException {
      this.facts = new ProcessFacts(child.pid());
      this.cpuSeconds = facts.cpuSeconds();
    }

    private Figure resident(String name) throws IOException {
      return Figure.of(name + ": resident memory (RSS)", "MB", facts.residentMegabytes());
    }

    private Figure proportional(String name) throws IOException {
      return Figure.of(
          name + ": memory, shared pages in part (PSS)", "MB", facts.proportionalMegabytes());
    }

    private Figure cpu(String name) throws IOException {
      double seconds = (System.nanoTime() - nanos) / 1e9;
      return Figure.of(
          name + ": CPU, of one core", "%", 100 * (facts.cpuSeconds() - cpuSeconds) / seconds);
    }

    private List<Figure> figures(String name, Load yardstick, String memory, String cpu)
        throws IOException {
      String other = "server without routes";
      return List.of(
          resident(name).target(memory).beside(yardstick.resident(other)),
          proportional(name).beside(yardstick.proportional(other)),
          cpu(name).target(cpu).beside(yardstick.cpu(other)));
    }
  }
}
