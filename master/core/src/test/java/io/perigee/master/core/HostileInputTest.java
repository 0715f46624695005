package io.perigee.master.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.perigee.common.SeededRandom;
import io.perigee.link.Register;
import io.perigee.link.ToMaster;
import io.perigee.master.core.validation.SchedulerCallValidator;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.ExecutorInfo;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskInfo;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.ResourceWire;
import io.perigee.protocol.testing.MessageGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random messages from frameworks and agents, most of them about things that exist: whatever they
 * say, the core goes on and its books balance. An exception here would end a master.
 */
class HostileInputTest {
  private static final int CLUSTERS = 60;
  private static final int EVENTS = 80;

  private static final class Attack {
    private final SeededRandom random;
    private final MessageGenerator messages;
    private final Scenario scenario = new Scenario();
    private final Audit audit = scenario.core.audit();
    private final Scenario.AgentPeer agent = scenario.agent(1, "cpus:4;mem:4096;disk:100");
    private final Scenario.AgentPeer other = scenario.agent(2, "cpus:4;mem:4096;ports:[1-9]");
    private final Scenario.Scheduler framework = scenario.subscribe(Scenario.framework());
    private final Map<String, List<String>> known;
    private long numbers = 1L << 40;

    private Attack(long seed) {
      random = new SeededRandom(seed);
      messages = new MessageGenerator(random.split());
      var offers = new ArrayList<>(framework.offers());
      framework.accept(offers.getFirst(), Scenario.task("t1", offers.getFirst(), "cpus:1;mem:64"));
      agent.update(framework.id, "t1", TaskState.TASK_RUNNING);
      framework.accept(
          offers.get(1),
          Scenario.task("t3", offers.get(1), "cpus:0.1", Scenario.executor("e", "cpus:0.1")));
      known =
          Map.of(
              "mesos.v1.TaskID", List.of("t1", "t2", "t3"),
              "mesos.v1.ExecutorID", List.of("t1", "e"),
              "mesos.v1.OfferID", List.of("m-O0", "m-O1", "m-O2", "m-O3", "o"),
              "mesos.v1.AgentID", List.of(agent.id, other.id, "s"),
              "mesos.v1.FrameworkID", List.of(framework.id, "f"));
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
      List<String> ids = known.get(builder.getDescriptorForType().getFullName());
      if (ids != null && random.chance(0.8)) {
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
      switch (random.nextInt(11)) {
        case 0, 1, 2 -> call(message(Call.getDefaultInstance()));
        case 8, 9 -> launch();
        case 3 -> scenario.happen(new MasterEvent.AgentRegisters(numbers++, null, registration()));
        case 4, 5 ->
            scenario.happen(
                new MasterEvent.AgentSays(
                    one(List.of(agent.link, other.link, numbers)),
                    message(ToMaster.getDefaultInstance())));
        case 6 ->
            scenario.happen(
                new MasterEvent.OperatorKills(
                    numbers++, framework.id, one(List.of("t1", "t2", ""))));
        case 7 ->
            scenario.happen(
                new MasterEvent.OperatorTearsDown(numbers++, one(List.of("f", "", "nobody"))));
        default -> scenario.pass(Duration.ofMillis(random.nextInt(20_000)));
      }
    }

    /** Tasks that may well be launched, alone, with executors, or as groups. */
    private void launch() {
      var offers = framework.offers();
      if (offers.isEmpty()) {
        return;
      }
      var offer = one(offers);
      ExecutorInfo executor = executor();
      TaskInfo[] tasks = new TaskInfo[1 + random.nextInt(3)];
      for (int i = 0; i < tasks.length; i++) {
        TaskInfo task =
            Scenario.task(
                "t" + random.nextInt(6),
                offer,
                one(List.of("cpus:0.1", "cpus:1;mem:64", "cpus:0.1;ports:[1-2]")));
        tasks[i] =
            random.chance(0.5)
                ? task
                : task.toBuilder().clearCommand().setExecutor(executor()).build();
      }
      if (random.chance(0.5)) {
        framework.accept(offer, tasks);
      } else {
        framework.launchGroup(offer, executor, tasks);
      }
    }

    /** One of few, now and then otherwise than it was, or with anything at all in it. */
    private ExecutorInfo executor() {
      if (random.chance(0.1)) {
        return message(ExecutorInfo.getDefaultInstance());
      }
      return Scenario.executor(
              one(List.of("e", "e2")),
              one(
                  List.of(
                      "cpus:0.1;mem:32;disk:1", "cpus:0.1", "cpus:0.1;mem:32;disk:1;ports:[2-3]")))
          .toBuilder()
          .setType(ExecutorInfo.Type.CUSTOM)
          .setFrameworkId(
              FrameworkID.newBuilder().setValue(one(List.of(framework.id, framework.id, "f"))))
          .build();
    }

    /** Half of them are good enough to be let in, with tasks that others may have. */
    private Register registration() {
      Register message = message(Register.getDefaultInstance());
      if (random.chance(0.5)) {
        return message;
      }
      Register.Builder tidy =
          message.toBuilder().clearTasks().clearFrameworks().clearExecutors().setIp("127.0.0.1");
      String id = one(List.of(agent.id, other.id, "s1", "s2"));
      int port = random.nextInt(3);
      tidy.getAgentInfoBuilder()
          .clearResources()
          .addAllResources(
              resources(
                  one(
                      List.of(
                          "cpus:4;mem:4096;disk:100",
                          "cpus:4;mem:4096;disk:100;ports:[1-9]",
                          "cpus:1;mem:64"))))
          .setHostname("h" + port)
          .setPort(port)
          .getIdBuilder()
          .setValue(id);
      for (String frameworkId : List.of(framework.id, "f")) {
        tidy.addFrameworks(
            Scenario.framework().setId(FrameworkID.newBuilder().setValue(frameworkId)));
        for (String executorId : List.of("e", "e2")) {
          if (random.chance(0.4)) {
            tidy.addExecutors(
                message(ExecutorInfo.getDefaultInstance()).toBuilder()
                    .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                    .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                    .clearResources()
                    .addAllResources(
                        resources(one(List.of("cpus:0.1", "cpus:3;mem:64", "ports:[1-2]")))));
          }
        }
        for (String taskId : List.of("t1", "t2")) {
          if (random.chance(0.5)) {
            tidy.addTasks(
                message(Task.getDefaultInstance()).toBuilder()
                    .setTaskId(TaskID.newBuilder().setValue(taskId))
                    .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId))
                    .setAgentId(AgentID.newBuilder().setValue(id))
                    .clearResources()
                    .addAllResources(resources("cpus:1;mem:64")));
          }
        }
      }
      return tidy.build();
    }

    private static List<Resource> resources(String text) {
      return ResourceWire.write(Scenario.resources(text), ResourceWire.Format.POST_REFINEMENT);
    }

    private void call(Call call) {
      if (SchedulerCallValidator.problem(call, null).isPresent()) {
        return;
      }
      if (call.getType() == Call.Type.SUBSCRIBE) {
        long stream = numbers++;
        scenario.happen(new MasterEvent.SchedulerSubscribes(stream, "s" + stream, null, call));
        if (random.chance(0.5)) {
          scenario.happen(new MasterEvent.SchedulerGone(stream));
        }
      } else {
        scenario.happen(
            new MasterEvent.SchedulerCalls(numbers++, "stream-" + framework.stream, null, call));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1000, 2000, 3000, 4000})
  void theCoreGoesOnAndItsBooksBalance(long firstSeed) {
    for (long seed = firstSeed; seed < firstSeed + CLUSTERS; seed++) {
      Attack attack = new Attack(seed);
      for (int i = 0; i < EVENTS; i++) {
        try {
          attack.event();
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + seed + ", event " + i, e);
        }
        assertThat(attack.audit.problems()).as("seed %d, event %d", seed, i).isEmpty();
      }
      // It still serves who behaves.
      Scenario.AgentPeer fresh = attack.scenario.agent(77, "cpus:1;mem:64");
      Scenario.Scheduler last = attack.scenario.subscribe(Scenario.framework());
      attack.scenario.pass(Duration.ofSeconds(30));
      assertThat(fresh.id).as("seed %d", seed).isNotEmpty();
      assertThat(last.id).as("seed %d", seed).isNotEmpty();
      assertThat(attack.scenario.snapshot().frameworks()).as("seed %d", seed).isNotEmpty();
    }
  }
}
