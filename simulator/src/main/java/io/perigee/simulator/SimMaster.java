package io.perigee.simulator;

import io.perigee.link.ToMaster;
import io.perigee.master.core.Audit;
import io.perigee.master.core.MasterCommand;
import io.perigee.master.core.MasterConfig;
import io.perigee.master.core.MasterCore;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.RegistryRecord;
import io.perigee.master.core.SchedulerNotice;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.testkit.CoreDriver;
import io.perigee.testkit.FaultyNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The master: the real core, with a registry that takes its time, behind the network. */
final class SimMaster {
  private final World world;
  private final Audit audit;
  private final CoreDriver<MasterEvent, RegistryRecord, MasterCommand> driver;
  private final Map<Long, Peer> streams = new LinkedHashMap<>();
  private final Map<Long, AgentPeer> links = new LinkedHashMap<>();
  private @Nullable ClusterSnapshot delivered;

  /** Ends of executors of which frameworks must hear, and did not yet. */
  private final List<SchedulerNotice.Failure> untold = new ArrayList<>();

  private record Peer(FaultyNetwork.Connection connection, SimFramework framework) {}

  private record AgentPeer(FaultyNetwork.Connection connection, SimAgent agent) {}

  SimMaster(World world) {
    this.world = world;
    MasterConfig defaults = MasterConfig.defaults("master", world.random.nextLong());
    MasterConfig config =
        new MasterConfig(
            defaults.masterId(),
            defaults.seed(),
            Duration.ofSeconds(4),
            3,
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            defaults.maxCompletedFrameworks(),
            defaults.maxCompletedTasksPerFramework(),
            defaults.maxUnreachableTasksPerFramework(),
            true,
            null,
            defaults.allocator());
    MasterCore core = new MasterCore(config);
    audit = core.audit();
    driver =
        new CoreDriver<>(
            world.time, core, () -> world.between(0.001, 0.05), this::perform, this::checkBooks);
    offer(new MasterEvent.Started());
  }

  private void offer(MasterEvent event) {
    world.trace.event(event);
    driver.offer(event);
  }

  private void checkBooks() {
    List<String> problems = audit.problems();
    if (!problems.isEmpty()) {
      throw world.broken(String.join("; ", problems));
    }
  }

  ClusterSnapshot snapshot() {
    driver.offer(new MasterEvent.SnapshotWanted(world.newNumber()));
    if (delivered == null) {
      throw world.broken("no snapshot was delivered");
    }
    return delivered;
  }

  void checkRest() {
    if (!untold.isEmpty()) {
      throw world.broken("no framework heard of " + untold);
    }
  }

  // What the network brings.

  void subscribe(
      long stream, FaultyNetwork.Connection connection, SimFramework framework, Call call) {
    streams.put(stream, new Peer(connection, framework));
    offer(new MasterEvent.SchedulerSubscribes(stream, "stream-" + stream, null, call));
  }

  void streamGone(long stream) {
    if (streams.remove(stream) != null) {
      offer(new MasterEvent.SchedulerGone(stream));
    }
  }

  void call(String streamId, Call call) {
    offer(new MasterEvent.SchedulerCalls(world.newNumber(), streamId, null, call));
  }

  void agentSays(long link, FaultyNetwork.Connection connection, SimAgent agent, ToMaster message) {
    if (message.hasRegister()) {
      links.put(link, new AgentPeer(connection, agent));
      offer(new MasterEvent.AgentRegisters(link, null, message.getRegister()));
    } else {
      if (message.hasExecutorExited()) {
        audit.failureToTell(link, message.getExecutorExited()).ifPresent(untold::add);
      }
      offer(new MasterEvent.AgentSays(link, message));
    }
  }

  void linkGone(long link) {
    if (links.remove(link) != null) {
      offer(new MasterEvent.AgentGone(link));
    }
  }

  // What the core wants.

  private void perform(MasterCommand command) {
    world.trace.command(command);
    switch (command) {
      case MasterCommand.Notify notify -> {
        if (notify.notice() instanceof SchedulerNotice.Failure failure) {
          untold.remove(failure);
        }
        tell(notify.stream(), notify.notice());
      }
      case MasterCommand.EndStream end -> endStream(end.stream());
      case MasterCommand.Tell tell -> {
        AgentPeer peer = links.get(tell.link());
        if (peer != null) {
          peer.connection().send(1, () -> peer.agent().masterSays(tell.link(), tell.message()));
        }
      }
      case MasterCommand.EndLink end -> endLink(end.link());
      case MasterCommand.Deliver deliver -> delivered = deliver.snapshot();
      case MasterCommand.Answer answer -> {} // Schedulers of the simulation go by events alone.
      case MasterCommand.OpenOperatorStream open -> {} // No operator subscribes here.
      case MasterCommand.Publish publish -> {}
      case MasterCommand.Log log -> {}
    }
  }

  private void tell(long stream, SchedulerNotice notice) {
    Peer peer = streams.get(stream);
    if (peer != null) {
      peer.connection().send(1, () -> peer.framework().hear(stream, notice));
    }
  }

  private void endStream(long stream) {
    Peer peer = streams.remove(stream);
    if (peer != null) {
      peer.connection()
          .send(
              1,
              () -> {
                peer.connection().breakNow();
                peer.framework().streamGone(stream);
              });
      world.time.afterNanos(0, () -> offer(new MasterEvent.SchedulerGone(stream)));
    }
  }

  private void endLink(long link) {
    AgentPeer peer = links.remove(link);
    if (peer != null) {
      peer.connection()
          .send(
              1,
              () -> {
                peer.connection().breakNow();
                peer.agent().linkGone(link);
              });
      world.time.afterNanos(0, () -> offer(new MasterEvent.AgentGone(link)));
    }
  }
}
