package io.perigee.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.perigee.common.SeededRandom;
import io.perigee.link.Acknowledge;
import io.perigee.link.RunTasks;
import io.perigee.link.ShutdownFramework;
import io.perigee.link.StatusUpdate;
import io.perigee.link.ToAgent;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.protocol.testing.MessageGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random words of executors and of a master out of its mind, most of them about things that exist:
 * the core goes on, and forgets everything in the end. An exception here would end an agent.
 */
class HostileInputTest {
  private static final int AGENTS = 30;
  private static final int EVENTS = 120;

  private static final Map<String, List<String>> KNOWN =
      Map.of(
          "mesos.v1.TaskID", List.of("t1", "t2", "t3", "t4"),
          "mesos.v1.ExecutorID", List.of("t1", "ex", "ey", "def"),
          "mesos.v1.AgentID", List.of("m-S0"),
          "mesos.v1.FrameworkID", List.of("fw", "fx"));

  private static final class Attack {
    private final SeededRandom random;
    private final MessageGenerator messages;
    private final AgentScenario scenario = new AgentScenario();
    private final List<String> containers = new ArrayList<>();
    private boolean isConnected;
    private long numbers = 1L << 40;
    private final List<StatusUpdate> updates = new ArrayList<>();
    private long heard;

    private Attack(long seed) {
      random = new SeededRandom(seed);
      messages = new MessageGenerator(random.split());
      connect();
    }

    private void connect() {
      scenario.connect();
      isConnected = true;
    }

    private <T> T one(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    /** A random message in which most ids are those of something. */
    private <M extends Message> M message(M prototype) {
      Message.Builder builder = messages.next(prototype).toBuilder();
      aim(builder);
      @SuppressWarnings("unchecked") // A builder of M builds Ms.
      M aimed = (M) builder.build();
      return aimed;
    }

    private void aim(Message.Builder builder) {
      List<String> ids = KNOWN.get(builder.getDescriptorForType().getFullName());
      if (ids != null && random.chance(0.9)) {
        builder.setField(builder.getDescriptorForType().findFieldByName("value"), one(ids));
        return;
      }
      for (FieldDescriptor field : builder.getAllFields().keySet()) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
          continue;
        }
        if (field.isRepeated()) {
          for (int i = 0; i < builder.getRepeatedFieldCount(field); i++) {
            Message.Builder part = ((Message) builder.getRepeatedField(field, i)).toBuilder();
            aim(part);
            builder.setRepeatedField(field, i, part.build());
          }
        } else {
          Message.Builder part = ((Message) builder.getField(field)).toBuilder();
          aim(part);
          builder.setField(field, part.build());
        }
      }
    }

    private void event() {
      switch (random.nextInt(16)) {
        case 0, 1 -> masterSays(message(ToAgent.getDefaultInstance()));
        case 2, 3, 4 -> scenario.say(ToAgent.newBuilder().setRunTasks(sensibleTasks()));
        case 5, 6 -> subscribe(message(Call.getDefaultInstance()));
        case 7, 8, 9 -> call(message(Call.getDefaultInstance()));
        case 10 -> scenario.happen(new AgentEvent.ExecutorGone(numbers - random.nextInt(5)));
        case 11, 12 -> container();
        case 13 -> {
          if (isConnected) {
            scenario.disconnect();
            isConnected = false;
          } else {
            connect();
          }
        }
        case 14 -> acknowledge();
        default -> scenario.pass(Duration.ofMillis(random.nextInt(30_000)));
      }
      collect();
    }

    private void collect() {
      for (AgentCommand command : scenario.take(AgentCommand.class)) {
        if (command instanceof AgentCommand.LaunchContainer launch) {
          containers.add(launch.containerId());
        } else if (command instanceof AgentCommand.TellExecutor) {
          heard++;
        } else if (command instanceof AgentCommand.Tell tell && tell.message().hasStatusUpdate()) {
          updates.add(tell.message().getStatusUpdate());
        }
      }
    }

    private void masterSays(ToAgent message) {
      if (!message.hasShutdown() && !message.getRefused().getShutdown()) { // These end the agent.
        scenario.say(message.toBuilder());
      }
    }

    /** As a master in its right mind would launch them. */
    private RunTasks.Builder sensibleTasks() {
      FrameworkInfo framework =
          AgentScenario.FRAMEWORK.toBuilder()
              .setId(frameworkId())
              .setCheckpoint(random.chance(0.5))
              .build();
      RunTasks.Builder run = RunTasks.newBuilder().setFrameworkInfo(framework);
      for (String id : List.of("ex", "ey", "def")) {
        if (random.chance(0.9)) {
          run.addNewExecutors(ExecutorID.newBuilder().setValue(id));
        }
      }
      ExecutorInfo.Builder custom =
          ExecutorPeer.info(one(List.of("ex", "ey")), ExecutorInfo.Type.CUSTOM);
      int kind = random.nextInt(4);
      if (kind == 2) {
        run.setGroupExecutor(ExecutorPeer.info("def", ExecutorInfo.Type.DEFAULT));
      } else if (kind == 3) {
        run.setGroupExecutor(custom);
      }
      for (int i = random.nextInt(3); i >= 0; i--) {
        TaskInfo.Builder task = AgentScenario.task(one(KNOWN.get("mesos.v1.TaskID")), "x");
        run.addTasks(kind == 0 ? task.setExecutor(custom) : task);
      }
      return run;
    }

    private FrameworkID frameworkId() {
      return FrameworkID.newBuilder().setValue(one(KNOWN.get("mesos.v1.FrameworkID"))).build();
    }

    private void subscribe(Call message) {
      Call.Builder call =
          message.toBuilder().setType(Call.Type.SUBSCRIBE).setFrameworkId(frameworkId());
      call.getExecutorIdBuilder().setValue(one(List.of("ex", "ey", "def")));
      if (ExecutorCallValidator.problem(call.buildPartial()).isEmpty()) {
        scenario.happen(new AgentEvent.ExecutorSubscribes(numbers++, call.build()));
      }
    }

    /** Half of the updates are well formed. */
    private void call(Call message) {
      Call.Builder call = message.toBuilder();
      if (random.chance(0.5)) {
        call.setType(Call.Type.UPDATE);
        call.getUpdateBuilder()
            .getStatusBuilder()
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .clearExecutorId()
            .setUuid(ByteString.copyFrom(uuid()));
      }
      if (call.isInitialized() && ExecutorCallValidator.problem(call.build()).isEmpty()) {
        scenario.happen(new AgentEvent.ExecutorCalls(numbers++, call.build()));
      }
    }

    private byte[] uuid() {
      byte[] uuid = new byte[16];
      uuid[0] = (byte) random.nextInt(8);
      uuid[1] = (byte) random.nextInt(8);
      return uuid;
    }

    private void container() {
      String id = containers.isEmpty() || random.chance(0.1) ? "none" : one(containers);
      switch (random.nextInt(4)) {
        case 0, 1 -> scenario.happen(new AgentEvent.ContainerStarted(id, random.nextInt(9999)));
        case 2 -> scenario.happen(new AgentEvent.ContainerFailed(id, "no"));
        default ->
            scenario.exit(
                id,
                one(
                    List.of(
                        new ContainerExit.Exited(random.nextInt(256)),
                        new ContainerExit.OutOfMemory(),
                        new ContainerExit.Lost("why"))));
      }
    }

    private boolean acknowledge() {
      List<StatusUpdate> told = List.copyOf(updates);
      updates.clear();
      for (StatusUpdate update : told) {
        scenario.say(
            ToAgent.newBuilder()
                .setAcknowledge(
                    Acknowledge.newBuilder()
                        .setFrameworkId(update.getFrameworkId())
                        .setTaskId(update.getStatus().getTaskId())
                        .setUuid(update.getStatus().getUuid())));
      }
      return !told.isEmpty();
    }

    /** Everything ends, everything is acknowledged. */
    private void settle() {
      if (isConnected) {
        scenario.disconnect();
      }
      connect();
      if (random.chance(0.5)) {
        AgentSnapshot snapshot = scenario.snapshot();
        for (AgentSnapshot.Framework framework : snapshot.frameworks()) {
          scenario.say(
              ToAgent.newBuilder()
                  .setShutdownFramework(
                      ShutdownFramework.newBuilder().setFrameworkId(framework.info().getId())));
        }
      }
      containers.forEach(id -> scenario.exit(id, new ContainerExit.Exited(0)));
      scenario.pass(Duration.ofSeconds(2)); // Executors of groups live on for a second.
      collect();
      while (acknowledge()) {
        collect();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1000, 2000, 3000, 4000})
  void theCoreGoesOnAndForgetsEverythingInTheEnd(long firstSeed) {
    long heard = 0;
    for (long seed = firstSeed; seed < firstSeed + AGENTS; seed++) {
      Attack attack = new Attack(seed);
      for (int i = 0; i < EVENTS; i++) {
        try {
          attack.event();
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", event " + i, e);
        }
      }
      heard += attack.heard;
      attack.settle();
      assertThat(attack.scenario.snapshot().frameworks()).as("seed %d", seed).isEmpty();
      // It still serves who behaves.
      String container = attack.scenario.start(AgentScenario.task("good", "true"));
      attack.scenario.exit(container, new ContainerExit.Exited(0));
      assertThat(attack.scenario.acknowledgeAll()).as("seed %d", seed).hasSize(3);
      assertThat(attack.scenario.snapshot().frameworks()).as("seed %d", seed).isEmpty();
    }
    assertThat(heard).as("events that executors heard").isGreaterThan(AGENTS);
  }
}
