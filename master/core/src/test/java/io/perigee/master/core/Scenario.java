package io.perigee.master.core;

import com.google.protobuf.ByteString;
import io.perigee.common.loop.Outcome;
import io.perigee.link.ExecutorExited;
import io.perigee.link.Pong;
import io.perigee.link.Register;
import io.perigee.link.RunTasks;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.Offer.Operation;
import io.perigee.mesos.v1.OfferID;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskGroupInfo;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.ResourceText;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A master core with its clock in the test's hand, and short words for what happens to it. */
final class Scenario {
  static final String MASTER_ID = "m";

  final MasterCore core;
  final List<RegistryRecord> records = new ArrayList<>();
  private final List<MasterCommand> commands = new ArrayList<>();
  private final Outcome<RegistryRecord, MasterCommand> outcome = new Outcome<>();

  /** Turned off to see what silence does. */
  boolean agentsAnswerPings = true;

  private long nowNanos = 1_000_000_000_000L;
  private long nextNumber = 1;
  private int nextUuid;

  Scenario() {
    this(MasterConfig.defaults(MASTER_ID, 1));
  }

  Scenario(MasterConfig config) {
    core = new MasterCore(config);
    happen(new MasterEvent.Started());
  }

  /** Something happens, and then whatever is due by now. */
  void happen(MasterEvent event) {
    nowNanos += 2_000_000;
    core.decide(nowNanos, event, outcome);
    collect();
    wake();
  }

  private void wake() {
    if (core.nextDeadlineNanos() <= nowNanos) {
      core.wake(nowNanos, outcome);
      collect();
    }
  }

  private void collect() {
    records.addAll(outcome.records());
    List<MasterCommand> decided = List.copyOf(outcome.commands());
    commands.addAll(decided);
    outcome.clear();
    for (MasterCommand command : decided) {
      if (agentsAnswerPings
          && command instanceof MasterCommand.Tell(long link, ToAgent message)
          && message.hasPing()) {
        happen(
            new MasterEvent.AgentSays(
                link, ToMaster.newBuilder().setPong(Pong.getDefaultInstance()).build()));
      }
    }
  }

  /** Lets time go by, waking the core whenever it wants. */
  void pass(Duration duration) {
    long end = nowNanos + duration.toNanos();
    while (core.nextDeadlineNanos() <= end) {
      nowNanos = Math.max(nowNanos, core.nextDeadlineNanos());
      wake();
    }
    nowNanos = end;
  }

  /** Commands of one kind since the last look, which forgets them. */
  <T extends MasterCommand> List<T> take(Class<T> kind) {
    List<T> taken = commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    commands.removeAll(taken);
    return taken;
  }

  ClusterSnapshot snapshot() {
    happen(new MasterEvent.SnapshotWanted(nextNumber++));
    return take(MasterCommand.Deliver.class).getLast().snapshot();
  }

  static FrameworkInfo.Builder framework(FrameworkInfo.Capability.Type... capabilities) {
    FrameworkInfo.Builder info = FrameworkInfo.newBuilder().setUser("nobody").setName("test");
    for (FrameworkInfo.Capability.Type type : capabilities) {
      info.addCapabilities(FrameworkInfo.Capability.newBuilder().setType(type));
    }
    return info;
  }

  Scheduler subscribe(FrameworkInfo.Builder info) {
    Scheduler scheduler = new Scheduler(nextNumber++);
    scheduler.subscribe(info);
    return scheduler;
  }

  AgentPeer agent(int port, String resources) {
    AgentPeer agent = new AgentPeer(port, resources);
    agent.register();
    return agent;
  }

  /** A framework's side of its stream. */
  final class Scheduler {
    long stream;
    String id = "";

    private Scheduler(long stream) {
      this.stream = stream;
    }

    void subscribe(FrameworkInfo.Builder info) {
      Call.Builder call =
          Call.newBuilder()
              .setType(Call.Type.SUBSCRIBE)
              .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
      if (info.hasId()) {
        call.setFrameworkId(info.getId());
      }
      happen(new MasterEvent.SchedulerSubscribes(stream, "stream-" + stream, null, call.build()));
      for (MasterCommand.Notify notify : commands(MasterCommand.Notify.class)) {
        if (notify.stream() == stream
            && notify.notice() instanceof SchedulerNotice.Subscribed subscribed) {
          id = subscribed.frameworkId();
        }
      }
    }

    /** Subscribes again, on a new stream. */
    Scheduler again(FrameworkInfo.Builder info) {
      return Scenario.this.subscribe(info.setId(FrameworkID.newBuilder().setValue(id)));
    }

    void disconnect() {
      happen(new MasterEvent.SchedulerGone(stream));
    }

    /** Calls, and returns the answer. */
    MasterCommand.Answer call(Call.Builder call) {
      return call(call, "stream-" + stream);
    }

    MasterCommand.Answer call(Call.Builder call, String streamId) {
      long request = nextNumber++;
      happen(
          new MasterEvent.SchedulerCalls(
              request,
              streamId,
              null,
              call.setFrameworkId(FrameworkID.newBuilder().setValue(id)).build()));
      return take(MasterCommand.Answer.class).getLast();
    }

    MasterCommand.Answer call(Call.Type type) {
      return call(Call.newBuilder().setType(type));
    }

    /** Events since the last look, which forgets them. */
    List<SchedulerNotice> events() {
      List<SchedulerNotice> events = new ArrayList<>();
      for (MasterCommand.Notify notify : List.copyOf(commands(MasterCommand.Notify.class))) {
        if (notify.stream() == stream) {
          events.add(notify.notice());
          commands.remove(notify);
        }
      }
      return events;
    }

    <T extends SchedulerNotice> List<T> events(Class<T> kind) {
      return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<SchedulerNotice.Failure> failures() {
      return events(SchedulerNotice.Failure.class);
    }

    List<io.perigee.master.core.cluster.Offer> offers() {
      return events(SchedulerNotice.Offers.class).stream()
          .flatMap(o -> o.offers().stream())
          .map(SchedulerNotice.OfferOfAgent::offer)
          .toList();
    }

    io.perigee.master.core.cluster.Offer offer() {
      return offers().getLast();
    }

    List<TaskStatus> updates() {
      return events(SchedulerNotice.Update.class).stream()
          .map(SchedulerNotice.Update::status)
          .toList();
    }

    MasterCommand.Answer accept(io.perigee.master.core.cluster.Offer offer, TaskInfo... tasks) {
      return accept(List.of(offer.id()), tasks);
    }

    MasterCommand.Answer accept(List<String> offerIds, TaskInfo... tasks) {
      return accept(
          offerIds,
          Operation.newBuilder()
              .setType(Operation.Type.LAUNCH)
              .setLaunch(Operation.Launch.newBuilder().addAllTaskInfos(List.of(tasks))));
    }

    MasterCommand.Answer launchGroup(
        io.perigee.master.core.cluster.Offer offer, ExecutorInfo executor, TaskInfo... tasks) {
      return accept(
          List.of(offer.id()),
          Operation.newBuilder()
              .setType(Operation.Type.LAUNCH_GROUP)
              .setLaunchGroup(
                  Operation.LaunchGroup.newBuilder()
                      .setExecutor(executor)
                      .setTaskGroup(TaskGroupInfo.newBuilder().addAllTasks(List.of(tasks)))));
    }

    MasterCommand.Answer accept(List<String> offerIds, Operation.Builder operation) {
      Call.Accept.Builder accept = Call.Accept.newBuilder();
      offerIds.forEach(o -> accept.addOfferIds(OfferID.newBuilder().setValue(o)));
      accept.addOperations(operation);
      return call(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
    }

    MasterCommand.Answer decline(io.perigee.master.core.cluster.Offer offer, double seconds) {
      Call.Decline.Builder decline =
          Call.Decline.newBuilder().addOfferIds(OfferID.newBuilder().setValue(offer.id()));
      decline.getFiltersBuilder().setRefuseSeconds(seconds);
      return call(Call.newBuilder().setType(Call.Type.DECLINE).setDecline(decline));
    }

    MasterCommand.Answer acknowledge(TaskStatus status) {
      return call(
          Call.newBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid())));
    }

    MasterCommand.Answer kill(String taskId) {
      return call(
          Call.newBuilder()
              .setType(Call.Type.KILL)
              .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(taskId))));
    }

    MasterCommand.Answer reconcile(String... taskIds) {
      Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
      for (String taskId : taskIds) {
        reconcile.addTasks(
            Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(taskId)));
      }
      return call(Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(reconcile));
    }
  }

  private <T extends MasterCommand> List<T> commands(Class<T> kind) {
    return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static TaskInfo task(String id, io.perigee.master.core.cluster.Offer offer, String resources) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(offer.agentId()))
        .setCommand(CommandInfo.newBuilder().setValue("true"))
        .addAllResources(
            ResourceWire.write(resources(resources), ResourceWire.Format.POST_REFINEMENT))
        .build();
  }

  /** A custom executor without framework_id, as old frameworks send it. */
  static ExecutorInfo executor(String id, String resources) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(id))
        .setCommand(CommandInfo.newBuilder().setValue("./executor"))
        .addAllResources(
            ResourceWire.write(resources(resources), ResourceWire.Format.POST_REFINEMENT))
        .build();
  }

  static TaskInfo task(
      String id,
      io.perigee.master.core.cluster.Offer offer,
      String resources,
      ExecutorInfo executor) {
    return task(id, offer, resources).toBuilder().clearCommand().setExecutor(executor).build();
  }

  static Resources resources(String text) {
    return ResourceText.parseResources(text, "*").orElseThrow();
  }

  /** An agent's side of its link. */
  final class AgentPeer {
    final int port;
    final String resources;
    long link;
    String id = "";

    private AgentPeer(int port, String resources) {
      this.port = port;
      this.resources = resources;
    }

    void register(Task... tasks) {
      register(List.of(), tasks);
    }

    void register(List<FrameworkInfo> frameworks, Task... tasks) {
      register(frameworks, List.of(), tasks);
    }

    void register(List<FrameworkInfo> frameworks, List<ExecutorInfo> executors, Task... tasks) {
      link = nextNumber++;
      AgentInfo.Builder info =
          AgentInfo.newBuilder()
              .setHostname("h" + port)
              .setPort(port)
              .addAllResources(
                  ResourceWire.write(resources(resources), ResourceWire.Format.POST_REFINEMENT));
      if (!id.isEmpty()) {
        info.setId(AgentID.newBuilder().setValue(id));
      }
      happen(
          new MasterEvent.AgentRegisters(
              link,
              null,
              Register.newBuilder()
                  .setAgentInfo(info)
                  .setIp("127.0.0.1")
                  .setVersion("1.11.0")
                  .setProcessId("p")
                  .addAllFrameworks(frameworks)
                  .addAllTasks(List.of(tasks))
                  .addAllExecutors(executors)
                  .build()));
      for (ToAgent message : messages(false)) {
        if (message.hasRegistered()) {
          id = message.getRegistered().getAgentId().getValue();
        }
      }
    }

    void disconnect() {
      happen(new MasterEvent.AgentGone(link));
    }

    void say(ToMaster.Builder message) {
      happen(new MasterEvent.AgentSays(link, message.build()));
    }

    /** Messages since the last look, which forgets them. */
    List<ToAgent> messages() {
      return messages(true);
    }

    private List<ToAgent> messages(boolean forget) {
      List<MasterCommand.Tell> tells =
          commands(MasterCommand.Tell.class).stream().filter(t -> t.link() == link).toList();
      if (forget) {
        commands.removeAll(tells);
      }
      return tells.stream().map(MasterCommand.Tell::message).toList();
    }

    TaskStatus update(String frameworkId, String taskId, TaskState state) {
      return update(frameworkId, taskId, state, null);
    }

    TaskStatus update(
        String frameworkId, String taskId, TaskState state, TaskStatus.@Nullable Reason reason) {
      byte[] uuid = new byte[16];
      uuid[6] = 0x40;
      uuid[15] = (byte) ++nextUuid;
      TaskStatus.Builder builder =
          TaskStatus.newBuilder()
              .setTaskId(TaskID.newBuilder().setValue(taskId))
              .setState(state)
              .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
              .setAgentId(AgentID.newBuilder().setValue(id))
              .setUuid(ByteString.copyFrom(uuid));
      if (reason != null) {
        builder.setReason(reason);
      }
      TaskStatus status = builder.build();
      say(
          ToMaster.newBuilder()
              .setStatusUpdate(
                  StatusUpdate.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                      .setStatus(status)
                      .setLatestState(state)));
      return status;
    }

    void executorExited(String frameworkId, String executorId, int status) {
      say(
          ToMaster.newBuilder()
              .setExecutorExited(
                  ExecutorExited.newBuilder()
                      .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                      .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                      .setStatus(status)));
    }

    /** The last tasks that it was told to run. */
    RunTasks run() {
      return messages().stream()
          .filter(ToAgent::hasRunTasks)
          .map(ToAgent::getRunTasks)
          .toList()
          .getLast();
    }

    Task running(String frameworkId, String taskId, String taskResources) {
      return Task.newBuilder()
          .setName(taskId)
          .setTaskId(TaskID.newBuilder().setValue(taskId))
          .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
          .setAgentId(AgentID.newBuilder().setValue(id))
          .setState(TaskState.TASK_RUNNING)
          .addAllResources(
              ResourceWire.write(
                  resources(taskResources).allocatedTo("*"), ResourceWire.Format.POST_REFINEMENT))
          .build();
    }
  }
}
