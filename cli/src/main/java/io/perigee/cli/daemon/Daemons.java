package io.perigee.cli.daemon;

import io.perigee.agent.daemon.AgentOptions;
import io.perigee.agent.daemon.AgentProcess;
import io.perigee.master.server.MasterOptions;
import io.perigee.master.server.MasterProcess;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The daemons that the command line can start. */
public final class Daemons {
  public static final Daemon MASTER =
      new Daemon(
          "master",
          "Runs a master in the foreground until it gets SIGTERM or Ctrl-C.",
          MasterOptions.TABLE,
          MasterProcess::check,
          (values, loops, problems, fatal) -> {
            MasterProcess master = MasterProcess.start(values, loops, problems, fatal);
            return master == null ? null : new RunningMaster(master);
          });

  public static final Daemon AGENT =
      new Daemon(
          "agent",
          "Runs an agent in the foreground until it gets SIGTERM or Ctrl-C; then its tasks end.",
          AgentOptions.TABLE,
          AgentProcess::check,
          (values, loops, problems, fatal) -> {
            AgentProcess agent = AgentProcess.start(values, loops, problems, fatal);
            return agent == null ? null : new RunningAgent(agent);
          });

  public static final List<Daemon> ALL = List.of(MASTER, AGENT);

  private Daemons() {}

  private record RunningMaster(MasterProcess master) implements Daemon.Started {
    @Override
    public void awaitEnd() throws InterruptedException {
      new CountDownLatch(1).await();
    }

    @Override
    public @Nullable String status() throws InterruptedException {
      return master.status();
    }

    @Override
    public void close() {
      master.close();
    }
  }

  private record RunningAgent(AgentProcess agent) implements Daemon.Started {
    @Override
    public void awaitEnd() throws InterruptedException {
      agent.awaitEnd();
    }

    @Override
    public @Nullable String status() throws InterruptedException {
      return agent.status();
    }

    @Override
    public void close() {
      agent.close();
    }
  }
}
