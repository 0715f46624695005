package io.perigee.master.core;

import static io.perigee.master.core.Scenario.framework;
import static io.perigee.master.core.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.SeededRandom;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Offer;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.model.TaskStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators hear of, and that it makes the old state into the new one. */
class OperatorNoticesTest {
  private final Scenario scenario = new Scenario();

  private List<OperatorNotice> notices() {
    return scenario.take(MasterCommand.Publish.class).stream()
        .map(MasterCommand.Publish::notice)
        .toList();
  }

  @Test
  void aTasksLifeIsToldInTheOrderOfTheRecording() {
    Scenario.AgentPeer agent = scenario.agent(5051, "cpus:4;mem:1000");
    assertThat(notices())
        .singleElement()
        .isInstanceOfSatisfying(
            OperatorNotice.AgentAdded.class,
            added -> {
              assertThat(added.agent().id()).isEqualTo(agent.id);
              assertThat(added.agent().isActive()).isTrue();
            });

    Scenario.Scheduler scheduler = scenario.subscribe(framework());
    Offer offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1;mem:100"));
    TaskStatus starting = agent.update(scheduler.id, "t", TaskState.TASK_STARTING);
    TaskStatus running = agent.update(scheduler.id, "t", TaskState.TASK_RUNNING);
    scheduler.call(Call.Type.TEARDOWN);

    List<OperatorNotice> notices = notices();
    assertThat(notices).hasSize(6);
    assertThat(notices.get(0))
        .isInstanceOfSatisfying(
            OperatorNotice.FrameworkAdded.class,
            added -> {
              assertThat(added.framework().id()).isEqualTo(scheduler.id);
              assertThat(added.framework().isConnected()).isTrue();
            });
    assertThat(notices.get(1))
        .isInstanceOfSatisfying(
            OperatorNotice.TaskAdded.class,
            added -> assertThat(added.task().state()).isEqualTo(TaskState.TASK_STAGING));
    assertThat(notices.get(2))
        .isInstanceOfSatisfying(
            OperatorNotice.TaskUpdated.class,
            updated -> assertThat(updated.status()).isEqualTo(starting));
    assertThat(notices.get(3))
        .isInstanceOfSatisfying(
            OperatorNotice.TaskUpdated.class,
            updated -> {
              assertThat(updated.status()).isEqualTo(running);
              assertThat(updated.task().state()).isEqualTo(TaskState.TASK_RUNNING);
            });
    assertThat(notices.get(4))
        .isInstanceOfSatisfying(
            OperatorNotice.TaskUpdated.class,
            updated -> {
              assertThat(updated.task().state()).isEqualTo(TaskState.TASK_KILLED);
              assertThat(updated.status().getReason())
                  .isEqualTo(TaskStatus.Reason.REASON_FRAMEWORK_REMOVED);
            });
    assertThat(notices.get(5))
        .isInstanceOfSatisfying(
            OperatorNotice.FrameworkRemoved.class,
            removed -> assertThat(removed.framework().getId().getValue()).isEqualTo(scheduler.id));
  }

  @Test
  void anUpdateThatIsRepeatedIsToldOnceUnlessACheckMadeIt() {
    Scenario.AgentPeer agent = scenario.agent(5051, "cpus:4;mem:1000");
    Scenario.Scheduler scheduler = scenario.subscribe(framework());
    Offer offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1;mem:100"));
    agent.update(scheduler.id, "t", TaskState.TASK_RUNNING);
    notices();

    agent.update(scheduler.id, "t", TaskState.TASK_RUNNING);
    assertThat(notices()).isEmpty();
    agent.update(
        scheduler.id,
        "t",
        TaskState.TASK_RUNNING,
        TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
    assertThat(notices()).singleElement().isInstanceOf(OperatorNotice.TaskUpdated.class);
  }

  @Test
  void aFrameworkThatChangesIsToldAsUpdated() {
    Scenario.Scheduler scheduler = scenario.subscribe(framework());
    notices();
    Scenario.Scheduler newer = scheduler.again(framework());
    assertThat(notices()).singleElement().isInstanceOf(OperatorNotice.FrameworkUpdated.class);
    newer.call(
        Call.newBuilder()
            .setType(Call.Type.UPDATE_FRAMEWORK)
            .setUpdateFramework(
                Call.UpdateFramework.newBuilder()
                    .setFrameworkInfo(
                        framework()
                            .setName("renamed")
                            .setId(FrameworkID.newBuilder().setValue(newer.id)))));
    assertThat(notices())
        .singleElement()
        .isInstanceOfSatisfying(
            OperatorNotice.FrameworkUpdated.class,
            updated -> assertThat(updated.framework().info().getName()).isEqualTo("renamed"));
  }

  @Test
  void anOperatorsTeardownEndsAFrameworkThatIsThere() {
    Scenario.Scheduler scheduler = scenario.subscribe(framework());
    scenario.happen(new MasterEvent.OperatorTearsDown(900, "nobody"));
    assertThat(scenario.take(MasterCommand.Answer.class))
        .containsExactly(
            new MasterCommand.Answer(900, 400, "No framework found with specified ID"));
    scenario.happen(new MasterEvent.OperatorTearsDown(901, scheduler.id));
    assertThat(scenario.take(MasterCommand.Answer.class))
        .containsExactly(new MasterCommand.Answer(901, 200, ""));
    assertThat(scenario.take(MasterCommand.EndStream.class))
        .extracting(MasterCommand.EndStream::stream)
        .containsExactly(scheduler.stream);
    assertThat(scenario.snapshot().completedFrameworks()).hasSize(1);
  }

  /** Safety: the first snapshot with all notices since is the snapshot of any later moment. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aSnapshotAndTheNoticesSinceAreTheNextSnapshot(long seed) {
    Random random = new Random(seed);
    random.some(20);
    notices();
    Model model = new Model(scenario.snapshot());
    int told = 0;
    for (int i = 0; i < 40; i++) {
      random.some(5);
      ClusterSnapshot snapshot = scenario.snapshot();
      List<OperatorNotice> notices = notices();
      told += notices.size();
      notices.forEach(model::apply);
      assertThat(model).as("seed %s, step %s", seed, i).isEqualTo(new Model(snapshot));
    }
    assertThat(told).as("seed %s: notices", seed).isGreaterThan(100);
  }

  /** A few agents and frameworks, to which things happen. */
  private final class Random {
    private final SeededRandom random;
    private final List<Scenario.AgentPeer> agents = new ArrayList<>();
    private final List<Scenario.Scheduler> schedulers = new ArrayList<>();
    private int tasks;

    Random(long seed) {
      random = new SeededRandom(seed);
      for (int i = 0; i < 3; i++) {
        agents.add(scenario.agent(5051 + i, "cpus:4;mem:1000"));
        schedulers.add(newScheduler());
      }
    }

    private Scenario.Scheduler newScheduler() {
      var info = random.chance(0.5) ? framework(Capability.Type.PARTITION_AWARE) : framework();
      return scenario.subscribe(info.setCheckpoint(random.chance(0.7)).setFailoverTimeout(1000));
    }

    void some(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
      }
    }

    private <T> T one(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private void step() {
      int slot = random.nextInt(schedulers.size());
      Scenario.Scheduler scheduler = schedulers.get(slot);
      Scenario.AgentPeer agent = one(agents);
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> {
          for (Offer offer : scheduler.offers()) {
            scheduler.accept(offer, task("t" + tasks++, offer, "cpus:1;mem:100"));
          }
        }
        case 3, 4, 5 ->
            tasks()
                .forEach(task -> {
                  if (random.chance(0.5)) {
                    update(task);
                  }
                });
        case 6 -> agent.disconnect();
        case 7, 8 -> comeBack(agent);
        case 9 -> schedulers.set(slot, scheduler.again(framework().setFailoverTimeout(1000)));
        case 10 -> {
          if (random.chance(0.3)) {
            scheduler.call(Call.Type.TEARDOWN);
            schedulers.set(slot, newScheduler());
          }
        }
        default -> scenario.pass(Duration.ofSeconds(random.nextInt(700)));
      }
    }

    private List<Task> tasks() {
      return scenario.snapshot().frameworks().stream().flatMap(f -> f.tasks().stream()).toList();
    }

    private void update(Task task) {
      for (Scenario.AgentPeer agent : agents) {
        if (agent.id.equals(task.agentId())) {
          TaskState state =
              one(List.of(TaskState.TASK_RUNNING, TaskState.TASK_RUNNING, TaskState.TASK_FAILED));
          agent.update(task.frameworkId(), task.id(), state);
        }
      }
    }

    /** With what the master thinks it has, and with what became unreachable. */
    private void comeBack(Scenario.AgentPeer agent) {
      List<io.perigee.mesos.v1.Task> running = new ArrayList<>();
      List<io.perigee.mesos.v1.FrameworkInfo> frameworks = new ArrayList<>();
      for (FrameworkSnapshot framework : scenario.snapshot().frameworks()) {
        frameworks.add(framework.info());
        for (List<Task> some : List.of(framework.tasks(), framework.unreachableTasks())) {
          for (Task task : some) {
            if (task.agentId().equals(agent.id) && !TaskStates.isTerminal(task.state())) {
              running.add(agent.running(framework.id(), task.id(), "cpus:1;mem:100"));
            }
          }
        }
      }
      agent.register(frameworks, running.toArray(new io.perigee.mesos.v1.Task[0]));
    }
  }

  /** What somebody who listens knows: tasks that have not ended, by their state. */
  private record Model(
      Set<String> agents, Map<String, String> frameworks, Map<String, TaskState> tasks) {

    Model(ClusterSnapshot snapshot) {
      this(new TreeSet<>(), new TreeMap<>(), new TreeMap<>());
      snapshot.agents().forEach(agent -> agents.add(agent.id()));
      for (FrameworkSnapshot framework : snapshot.frameworks()) {
        frameworks.put(framework.id(), framework.info().getName());
        framework.tasks().forEach(this::put);
      }
    }

    private void put(Task task) {
      String key = task.frameworkId() + "/" + task.id();
      if (TaskStates.isTerminal(task.state()) || task.state() == TaskState.TASK_UNREACHABLE) {
        tasks.remove(key);
      } else {
        tasks.put(key, task.state());
      }
    }

    void apply(OperatorNotice notice) {
      switch (notice) {
        case OperatorNotice.TaskAdded(Task task) -> {
          assertThat(tasks).doesNotContainKey(task.frameworkId() + "/" + task.id());
          put(task);
        }
        case OperatorNotice.TaskUpdated(Task task, TaskStatus status) -> {
          assertThat(status.getTaskId().getValue()).isEqualTo(task.id());
          put(task);
        }
        case OperatorNotice.AgentAdded(AgentSnapshot agent) ->
            assertThat(agents.add(agent.id())).as("%s is new", agent.id()).isTrue();
        case OperatorNotice.AgentRemoved(String agentId) ->
            assertThat(agents.remove(agentId)).as("%s was there", agentId).isTrue();
        case OperatorNotice.FrameworkAdded(FrameworkSnapshot framework) ->
            assertThat(frameworks.put(framework.id(), framework.info().getName())).isNull();
        case OperatorNotice.FrameworkUpdated(FrameworkSnapshot framework) ->
            assertThat(frameworks.put(framework.id(), framework.info().getName())).isNotNull();
        case OperatorNotice.FrameworkRemoved(var info) ->
            assertThat(frameworks.remove(info.getId().getValue())).isNotNull();
      }
    }
  }
}
