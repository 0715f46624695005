package io.perigee.benchmarks.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.perigee.common.SeededRandom;
import io.perigee.common.Uuids;
import io.perigee.link.Acknowledge;
import io.perigee.link.Pong;
import io.perigee.link.Register;
import io.perigee.link.RunTasks;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.AgentInfo;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.model.ResourceText;
import io.perigee.model.ResourceWire;
import io.perigee.net.link.FrameLink;
import io.perigee.net.link.LinkClosed;
import io.perigee.net.link.LinkListener;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent without processes: a task runs as soon as it comes, and ends as soon as that has been
 * acknowledged, or never. Lives on its link's event loop.
 */
final class EmulatedAgent implements LinkListener {
  private final int number;
  private final String resources;
  private final boolean doTasksEnd;
  private final Listener listener;
  private final SeededRandom random;
  private final Map<TaskID, ByteString> running = new HashMap<>();
  private AgentID id = AgentID.getDefaultInstance();
  private @Nullable FrameLink link;

  /** Hears on an event loop. */
  interface Listener {
    void registered();

    /** It does not work any more. */
    void failed(String why);
  }

  /**
   * @param number from 0, below 64,000: makes its address different from those of others
   * @param doTasksEnd whether a task ends when TASK_RUNNING is acknowledged
   */
  EmulatedAgent(int number, String resources, boolean doTasksEnd, Listener listener) {
    this.number = number;
    this.random = new SeededRandom(number);
    this.resources = resources;
    this.doTasksEnd = doTasksEnd;
    this.listener = listener;
  }

  @Override
  public void onOpened(FrameLink opened) {
    link = opened;
    send(ToMaster.newBuilder().setRegister(registration()));
  }

  private Register.Builder registration() {
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname("emulated-" + number)
            .setPort(1024 + number)
            .addAllResources(
                ResourceWire.write(
                    ResourceText.parseResources(resources, "*").orElseThrow(),
                    ResourceWire.Format.POST_REFINEMENT));
    Register.Builder register =
        Register.newBuilder()
            .setAgentInfo(info)
            .setIp("127.0.0.1")
            .setVersion("1.11.0")
            .setProcessId("emulated-" + number);
    for (AgentInfo.Capability.Type type : AgentInfo.Capability.Type.values()) {
      if (type != AgentInfo.Capability.Type.UNKNOWN) {
        register.addCapabilities(AgentInfo.Capability.newBuilder().setType(type));
      }
    }
    return register;
  }

  @Override
  public void onFrame(byte[] frame) {
    ToAgent message;
    try {
      message = ToAgent.parseFrom(frame);
    } catch (InvalidProtocolBufferException malformed) {
      listener.failed(String.valueOf(malformed.getMessage()));
      return;
    }
    switch (message.getMessageCase()) {
      case REGISTERED -> {
        id = message.getRegistered().getAgentId();
        listener.registered();
      }
      case RUN_TASKS -> run(message.getRunTasks());
      case ACKNOWLEDGE -> acknowledged(message.getAcknowledge());
      case PING -> send(ToMaster.newBuilder().setPong(Pong.getDefaultInstance()));
      case REFUSED -> listener.failed(message.getRefused().getMessage());
      case SHUTDOWN_FRAMEWORK -> running.clear();
      case KILL_TASK,
          UPDATE_FRAMEWORK,
          SHUTDOWN,
          DISCARD_TASK,
          EXECUTOR_MESSAGE,
          SHUTDOWN_EXECUTOR,
          MESSAGE_NOT_SET -> {
        // Nothing that a benchmark asks for.
      }
    }
  }

  private void run(RunTasks launch) {
    FrameworkID framework = launch.getFrameworkInfo().getId();
    for (TaskInfo task : launch.getTasksList()) {
      ByteString uuid = update(framework, task.getTaskId(), TaskState.TASK_RUNNING);
      if (doTasksEnd) {
        running.put(task.getTaskId(), uuid);
      }
    }
  }

  private void acknowledged(Acknowledge acknowledge) {
    if (running.remove(acknowledge.getTaskId(), acknowledge.getUuid())) {
      update(acknowledge.getFrameworkId(), acknowledge.getTaskId(), TaskState.TASK_FINISHED);
    }
  }

  private ByteString update(FrameworkID framework, TaskID task, TaskState state) {
    ByteString uuid = ByteString.copyFrom(Uuids.bytes(Uuids.random(random)));
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(task)
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setAgentId(id)
            .setExecutorId(ExecutorID.newBuilder().setValue(task.getValue()))
            .setTimestamp(System.currentTimeMillis() / 1000.0)
            .setUuid(uuid)
            .build();
    send(
        ToMaster.newBuilder()
            .setStatusUpdate(
                StatusUpdate.newBuilder()
                    .setFrameworkId(framework)
                    .setStatus(status)
                    .setLatestState(state)));
    return uuid;
  }

  private void send(ToMaster.Builder message) {
    FrameLink open = link;
    if (open != null) {
      open.send(message.build().toByteArray());
    }
  }

  @Override
  public void onClosed(LinkClosed reason) {
    listener.failed("link closed: " + reason.detail());
  }
}
