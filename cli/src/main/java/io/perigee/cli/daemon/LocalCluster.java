package io.perigee.cli.daemon;

import io.perigee.agent.daemon.AgentOptions;
import io.perigee.agent.daemon.AgentProcess;
import io.perigee.agent.daemon.HostResources;
import io.perigee.common.Problems;
import io.perigee.common.loop.DecisionLoop;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionValues;
import io.perigee.master.server.MasterOptions;
import io.perigee.master.server.MasterProcess;
import io.perigee.net.EventLoops;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A master and its agents in this JVM. Started and closed by one thread. */
public final class LocalCluster implements AutoCloseable {
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

  private final EventLoops loops;
  private final List<AgentProcess> agents = new ArrayList<>();
  private @Nullable MasterProcess master;

  /**
   * @param ip where all of them listen
   * @param port of the master; 0 takes any free one, which agents always do
   * @param workDir below which each agent has its own directory
   * @param masterFlags further ones, as on a command line
   * @param agentFlags further ones for each agent; without resources among them the agents share
   *     the machine's equally
   */
  public record Plan(
      String ip,
      int port,
      int agents,
      Path workDir,
      List<String> masterFlags,
      List<String> agentFlags) {
    public Plan {
      masterFlags = List.copyOf(masterFlags);
      agentFlags = List.copyOf(agentFlags);
    }

    /** On 127.0.0.1 and any port. */
    public static Plan of(int agents, Path workDir) {
      return new Plan("127.0.0.1", 0, agents, workDir, List.of(), List.of());
    }
  }

  private LocalCluster(EventLoops loops) {
    this.loops = loops;
  }

  /**
   * Starts a cluster; its agents register a moment later, see {@link #awaitAgents}.
   *
   * @param problems receives all that keeps it from starting
   * @param fatal hears if one of its parts stops for a reason of its own
   * @return null if there were problems: nothing was left running
   */
  public static @Nullable LocalCluster start(
      Plan plan, Problems problems, DecisionLoop.FatalListener fatal) {
    LocalCluster cluster =
        new LocalCluster(new EventLoops("net", Runtime.getRuntime().availableProcessors()));
    cluster.startMaster(plan, problems, fatal);
    for (int i = 0; i < plan.agents() && problems.isEmpty(); i++) {
      cluster.startAgent(plan, i, problems, fatal);
    }
    if (problems.isEmpty()) {
      return cluster;
    }
    cluster.close();
    return null;
  }

  private void startMaster(Plan plan, Problems problems, DecisionLoop.FatalListener fatal) {
    List<String> flags =
        new ArrayList<>(List.of("--ip=" + plan.ip(), "--port=" + plan.port(), "--cluster=local"));
    flags.addAll(plan.masterFlags());
    OptionValues values = read(MasterOptions.TABLE, flags, problems);
    if (problems.isEmpty()) {
      master = MasterProcess.start(values, loops, problems, fatal);
    }
  }

  private void startAgent(
      Plan plan, int index, Problems problems, DecisionLoop.FatalListener fatal) {
    Path workDir = plan.workDir().resolve("agent-" + (index + 1));
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--master=" + uri().getAuthority(),
                "--ip=" + plan.ip(),
                "--port=0",
                "--work_dir=" + workDir));
    if (plan.agentFlags().stream().noneMatch(f -> f.startsWith(AgentOptions.RESOURCES.flag()))) {
      try {
        Files.createDirectories(workDir);
        flags.add("--resources=" + HostResources.detect(workDir).share(index, plan.agents()));
      } catch (IOException unusable) {
        problems.add("--work_dir: " + workDir + " cannot be made: " + unusable);
        return;
      }
    }
    flags.addAll(plan.agentFlags());
    OptionValues values = read(AgentOptions.TABLE, flags, problems);
    AgentProcess agent =
        problems.isEmpty() ? AgentProcess.start(values, loops, problems, fatal) : null;
    if (agent != null) {
      agents.add(agent);
    }
  }

  /** Without the environment: what is set there for one daemon is not meant for all of these. */
  private static OptionValues read(OptionTable table, List<String> flags, Problems problems) {
    return table.read(flags, Map.of(), problems);
  }

  /** The master's address: {@code http://127.0.0.1:5050}. */
  public URI uri() {
    if (master == null) {
      throw new IllegalStateException("there is no master");
    }
    return master.uri();
  }

  public List<AgentProcess> agents() {
    return List.copyOf(agents);
  }

  /**
   * Waits until all agents are registered.
   *
   * @return false if some were not in time
   */
  public boolean awaitAgents(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (!agents.stream().allMatch(AgentProcess::isRegistered)) {
      if (System.nanoTime() - until > 0 || Thread.interrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return true;
  }

  /** Ends all tasks, then agents and master; takes as long as the tasks may take to end. */
  @Override
  public void close() {
    List<Thread> closing =
        agents.stream().map(agent -> Thread.startVirtualThread(agent::close)).toList();
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (master != null) {
      master.close();
    }
    loops.close();
  }
}
