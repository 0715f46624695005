package io.perigee.simulator;

import io.perigee.agent.core.AgentCommand;
import io.perigee.agent.core.AgentConfig;
import io.perigee.agent.core.AgentCore;
import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.agent.core.ContainerExit;
import io.perigee.link.ToAgent;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.model.ResourceText;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.testkit.CoreDriver;
import io.perigee.testkit.FaultyNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A machine: an agent's real core, containers that end when they like, crashes and cut cables. */
final class SimAgent {
  private static final Resources TOTAL =
      ResourceText.parseResources("cpus:4;mem:4096;disk:1000;ports:[31000-31099]", "*")
          .orElseThrow();

  private final World world;
  private final SimMaster master;
  private final String name;
  private final int port;

  private CoreDriver<AgentEvent, Void, AgentCommand> driver;
  private int life;
  private boolean isUp;

  /** While true nobody can connect. */
  private boolean isCutOff;

  private long link;
  private FaultyNetwork.@Nullable Connection connection;
  private final Map<String, Container> containers = new LinkedHashMap<>();
  private @Nullable AgentSnapshot delivered;

  private static final class Container {
    private boolean ignoresTerm;
    private boolean isStarted;

    /** What runs in it, if that is an executor. */
    private @Nullable SimExecutor executor;
  }

  SimAgent(World world, SimMaster master, int number) {
    this.world = world;
    this.master = master;
    this.name = "agent-" + number;
    this.port = 10_000 + number;
    this.driver = newDriver();
  }

  private CoreDriver<AgentEvent, Void, AgentCommand> newDriver() {
    int thisLife = ++life;
    AgentInfo info =
        AgentInfo.newBuilder()
            .setHostname(name)
            .setPort(port)
            .addAllResources(ResourceWire.write(TOTAL, ResourceWire.Format.POST_REFINEMENT))
            .build();
    AgentCore core =
        new AgentCore(
            AgentConfig.defaults(
                info, "10.0.0.1", "/w", name + "#" + thisLife, world.random.nextLong()));
    return new CoreDriver<>(
        world.time,
        core,
        () -> 0,
        command -> {
          if (thisLife == life) {
            perform(command);
          }
        },
        () -> {});
  }

  void start() {
    isUp = true;
    offer(new AgentEvent.Started());
    if (world.network.isFaulty()) {
      planTrouble();
    }
  }

  private void planTrouble() {
    world.time.afterNanos(world.between(1, 60), this::trouble);
  }

  private void trouble() {
    if (!isUp || !world.network.isFaulty()) {
      return;
    }
    switch (world.random.nextInt(4)) {
      case 0 -> crash();
      case 1 -> cutOff(world.between(1, 5));
      case 2 -> cutOff(world.between(5, 40));
      default -> hang();
    }
    planTrouble();
  }

  private void offer(AgentEvent event) {
    world.trace.event(name, event);
    driver.offer(event);
    checkUse();
  }

  /** What the agent itself takes for running fits into what it has. */
  private void checkUse() {
    if (containers.isEmpty()) {
      return;
    }
    Resources used = Resources.EMPTY;
    for (AgentSnapshot.Framework framework : snapshot().frameworks()) {
      for (AgentSnapshot.Executor executor : framework.executors()) {
        boolean isUsable =
            executor.state() == AgentSnapshot.ExecutorState.REGISTERING
                || executor.state() == AgentSnapshot.ExecutorState.RUNNING;
        if (isUsable && executor.kind() != AgentSnapshot.ExecutorKind.COMMAND) {
          used = used.plus(resources(executor.info().getResourcesList()));
        }
        for (TaskInfo task : executor.queuedTasks()) {
          used = used.plus(resources(task.getResourcesList()));
        }
        for (Task task : executor.launchedTasks()) {
          used = used.plus(resources(task.getResourcesList()));
        }
      }
    }
    if (!TOTAL.contains(used)) {
      throw world.broken(name + " has " + TOTAL + " but runs tasks for " + used);
    }
  }

  private static Resources resources(List<io.perigee.mesos.v1.Resource> resources) {
    return ResourceWire.read(resources).orElseThrow().unallocated();
  }

  AgentSnapshot snapshot() {
    driver.offer(new AgentEvent.SnapshotWanted(1));
    if (delivered == null) {
      throw world.broken(name + " delivered no snapshot");
    }
    return delivered;
  }

  // Trouble.

  private void crash() {
    world.network.count("agent crash");
    isUp = false;
    driver.stop();
    containers.values().forEach(SimAgent::die); // They die with their agent.
    containers.clear();
    dropConnection();
    world.time.afterNanos(
        world.between(0.5, 20),
        () -> {
          driver = newDriver();
          start();
        });
  }

  private void dropConnection() {
    FaultyNetwork.Connection lost = connection;
    long lostLink = link;
    connection = null;
    link = 0;
    if (lost != null) {
      lost.breakNow();
      lost.tellLater(() -> master.linkGone(lostLink));
    }
  }

  private void cutOff(long nanos) {
    world.network.count("agent cut off");
    isCutOff = true;
    long lostLink = link;
    boolean wasConnected = connection != null;
    dropConnection();
    if (wasConnected) {
      world.time.afterNanos(world.between(0, 1), () -> linkGone(lostLink));
    }
    world.time.afterNanos(nanos, () -> isCutOff = false);
  }

  /** The connection stays open and carries nothing any more, and nobody is told. */
  private void hang() {
    if (connection != null) {
      world.network.count("silent connection");
      connection.breakNow();
      FaultyNetwork.Connection silent = connection;
      long silentLink = link;
      world.time.afterNanos(
          world.between(20, 40),
          () -> {
            master.linkGone(silentLink);
            if (silent.equals(connection)) {
              connection = null;
              link = 0;
              linkGone(silentLink);
            }
          });
    }
  }

  // What the network brings.

  void masterSays(long fromLink, ToAgent message) {
    if (isUp && fromLink == link) {
      offer(new AgentEvent.MasterSays(fromLink, message));
    }
  }

  void linkGone(long goneLink) {
    if (goneLink == link) {
      connection = null;
      link = 0;
    }
    if (isUp) {
      offer(new AgentEvent.LinkClosed(goneLink));
    }
  }

  // What the core wants.

  private void perform(AgentCommand command) {
    if (command instanceof AgentCommand.Deliver deliver) {
      delivered = deliver.snapshot(); // Only the simulation itself asks for it.
      return;
    }
    world.trace.command(name, command);
    switch (command) {
      case AgentCommand.OpenLink open -> {
        int thisLife = life;
        world.time.afterNanos(
            world.between(0.0005, 0.005),
            () -> {
              if (thisLife == life && isUp) {
                connect();
              }
            });
      }
      case AgentCommand.CloseLink close -> {
        if (close.link() == link) {
          dropConnection();
        }
      }
      case AgentCommand.Tell tell -> {
        FaultyNetwork.Connection through = connection;
        if (through != null && tell.link() == link) {
          through.send(0, () -> master.agentSays(tell.link(), through, this, tell.message()));
        }
      }
      case AgentCommand.AnswerExecutor answer -> {
        SimExecutor executor = executor(answer.number());
        if (executor != null) {
          world.time.afterNanos(0, executor::streamEnded); // Its SUBSCRIBE was refused.
        }
      }
      case AgentCommand.ResizeContainer resize -> {}
      case AgentCommand.TellExecutor tell -> {
        SimExecutor executor = executor(tell.stream());
        if (executor != null) {
          executor.hear(tell.stream(), tell.event());
        }
      }
      case AgentCommand.EndExecutorStream end -> {
        SimExecutor executor = executor(end.stream());
        if (executor != null) {
          world.time.afterNanos(0, executor::streamEnded);
        }
      }
      case AgentCommand.LaunchContainer launch -> launch(launch);
      case AgentCommand.TerminateContainer terminate -> {
        Container container = containers.get(terminate.containerId());
        if (container != null && !container.ignoresTerm) {
          exitLater(
              terminate.containerId(),
              world.between(0.001, 0.5),
              new ContainerExit.Signaled(15, "Terminated", false));
        }
      }
      case AgentCommand.KillContainer kill ->
          exitLater(
              kill.containerId(),
              world.between(0.001, 0.01),
              new ContainerExit.Signaled(9, "Killed", false));
      case AgentCommand.Deliver deliver -> {}
      case AgentCommand.Stop stop -> isUp = false;
      case AgentCommand.Log log -> {}
    }
  }

  private void connect() {
    if (isCutOff || world.network.fault("refused connection", 0.05)) {
      offer(new AgentEvent.LinkFailed());
      return;
    }
    dropConnection();
    connection = world.network.connect();
    link = world.newNumber();
    offer(new AgentEvent.LinkOpened(link));
  }

  private @Nullable SimExecutor executor(long stream) {
    for (Container container : containers.values()) {
      if (container.executor != null && container.executor.hears(stream)) {
        return container.executor;
      }
    }
    return null;
  }

  private void launch(AgentCommand.LaunchContainer launch) {
    String id = launch.containerId();
    String frameworkId = launch.environment().getOrDefault("MESOS_FRAMEWORK_ID", "");
    String taskId = launch.environment().get("MESOS_TASK_ID");
    Container container = new Container();
    if (taskId == null) {
      container.executor = newExecutor(id, frameworkId, launch);
    } else {
      world.started(frameworkId, taskId);
    }
    container.ignoresTerm = world.random.chance(0.2);
    containers.put(id, container);
    boolean fails = world.random.chance(0.03);
    int thisLife = life;
    world.time.afterNanos(
        world.between(0.001, 0.03),
        () -> {
          if (thisLife != life || !containers.containsKey(id)) {
            return;
          }
          if (fails) {
            containers.remove(id);
            die(container);
            offer(new AgentEvent.ContainerFailed(id, "as it happens"));
          } else {
            container.isStarted = true;
            offer(new AgentEvent.ContainerStarted(id, 4711));
            if (container.executor == null) {
              exitLater(id, world.between(0.05, 12), someExit());
            } else {
              container.executor.start();
            }
          }
        });
  }

  private SimExecutor newExecutor(
      String containerId, String frameworkId, AgentCommand.LaunchContainer launch) {
    return new SimExecutor(
        world,
        frameworkId,
        launch.environment().getOrDefault("MESOS_EXECUTOR_ID", ""),
        this::offer,
        exit -> exitLater(containerId, 0, exit));
  }

  private static void die(Container container) {
    if (container.executor != null) {
      container.executor.die();
    }
  }

  private ContainerExit someExit() {
    return switch (world.random.nextInt(10)) {
      case 0 -> new ContainerExit.Exited(1);
      case 1 -> new ContainerExit.Signaled(11, "Segmentation fault", true);
      case 2 -> new ContainerExit.OutOfMemory();
      default -> new ContainerExit.Exited(0);
    };
  }

  private void exitLater(String containerId, long nanos, ContainerExit exit) {
    int thisLife = life;
    world.time.afterNanos(
        nanos,
        () -> {
          Container gone = thisLife == life ? containers.remove(containerId) : null;
          if (gone != null) {
            die(gone);
            offer(new AgentEvent.ContainerExited(containerId, exit));
          }
        });
  }

  /** Nothing runs here any more, and nothing is left to tell. */
  void checkRest() {
    if (!isUp || !containers.isEmpty() || !snapshot().frameworks().isEmpty()) {
      throw world.broken(
          name
              + (isUp ? "" : " is not up and")
              + " still has containers "
              + containers.keySet()
              + " and frameworks "
              + snapshot().frameworks());
    }
    if (!snapshot().isRegistered()) {
      throw world.broken(name + " is not registered in the end");
    }
  }
}
