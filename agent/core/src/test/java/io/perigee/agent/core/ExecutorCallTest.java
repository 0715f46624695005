package io.perigee.agent.core;

import static io.perigee.agent.core.AgentScenario.FRAMEWORK;
import static io.perigee.agent.core.ExecutorPeer.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.link.ExecutorMessage;
import io.perigee.link.ToAgent;
import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.mesos.v1.executor.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What executors say, the honest ones and the others. */
class ExecutorCallTest {
  private static final ByteString DATA = ByteString.copyFromUtf8("hello");

  private final AgentScenario scenario = new AgentScenario();

  ExecutorCallTest() {
    scenario.connect();
    scenario.told();
  }

  private ExecutorPeer waiting() {
    scenario.run(FRAMEWORK, task("t"));
    ExecutorPeer executor = new ExecutorPeer(scenario, ExecutorPeer.ID);
    executor.start();
    return executor;
  }

  private Call.Builder message(ExecutorPeer executor) {
    return executor.call(Call.Type.MESSAGE).setMessage(Call.Message.newBuilder().setData(DATA));
  }

  private double counted(String name) {
    return scenario.snapshot().counters().getOrDefault("slave/" + name, -1.0);
  }

  private static void assertRefused(AgentCommand.AnswerExecutor answer, int status, String text) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).isEqualTo(text);
  }

  @Test
  void strangersAreTurnedAway() {
    ExecutorPeer executor = waiting();
    assertRefused(
        executor.say(message(executor).setFrameworkId(FrameworkID.newBuilder().setValue("zz"))),
        400,
        "Framework cannot be found");
    assertRefused(
        executor.say(message(executor).setExecutorId(ExecutorID.newBuilder().setValue("zz"))),
        400,
        "Executor cannot be found");
    scenario.happen(
        new AgentEvent.ExecutorSubscribes(
            1,
            executor
                .call(Call.Type.SUBSCRIBE)
                .setExecutorId(ExecutorID.newBuilder().setValue("zz"))
                .build()));
    assertThat(scenario.take(AgentCommand.AnswerExecutor.class))
        .containsExactly(new AgentCommand.AnswerExecutor(1, 400, "Executor cannot be found"));
  }

  @Test
  void nothingIsTakenBeforeItSubscribes() {
    ExecutorPeer executor = waiting();
    assertRefused(executor.say(message(executor)), 403, "Executor is not subscribed");
    assertRefused(
        executor.say(executor.call(Call.Type.HEARTBEAT)), 403, "Executor is not subscribed");
    executor.subscribe();
    assertRefused(executor.say(executor.call(Call.Type.HEARTBEAT)), 202, "");
    assertRefused(executor.say(executor.call(Call.Type.UNKNOWN)), 501, "");
  }

  @Test
  void secondSubscribeClosesTheFirstSilently() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    long first = executor.stream;
    executor.update("t", TaskState.TASK_RUNNING);
    executor.heard();
    executor.subscribe();
    assertThat(scenario.take(AgentCommand.EndExecutorStream.class))
        .containsExactly(new AgentCommand.EndExecutorStream(first));
    assertThat(executor.heardTypes()).containsExactly(Event.Type.SUBSCRIBED);
    scenario.happen(new AgentEvent.ExecutorGone(first));
    executor.update("t", TaskState.TASK_RUNNING);
    assertThat(executor.heardTypes()).containsExactly(Event.Type.ACKNOWLEDGED);
  }

  @Test
  void updatesThatWereNotAcknowledgedAreTakenOnce() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    TaskStatus.Builder known = executor.status("t", TaskState.TASK_RUNNING);
    executor.update(known);
    executor.loseStream();
    executor.heard();
    TaskStatus.Builder fresh = executor.status("t", TaskState.TASK_FINISHED);
    Call.Subscribe.Builder subscribe = Call.Subscribe.newBuilder();
    subscribe.addUnacknowledgedUpdatesBuilder().setStatus(known);
    subscribe.addUnacknowledgedUpdatesBuilder().setStatus(fresh);
    subscribe.addUnacknowledgedTasks(task("t"));
    executor.subscribe(subscribe);
    assertThat(executor.heardTypes())
        .containsExactly(Event.Type.SUBSCRIBED, Event.Type.ACKNOWLEDGED, Event.Type.ACKNOWLEDGED);
    assertThat(scenario.acknowledgeAll())
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
  }

  @Test
  void taskThatWasLostWithTheStreamIsToldAsLost() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"), task("u"));
    executor.loseStream();
    scenario.run(FRAMEWORK, task("later"));
    executor.heard();
    executor.subscribe(Call.Subscribe.newBuilder().addUnacknowledgedTasks(task("u")));
    List<Event> heard = executor.heard();
    assertThat(heard)
        .extracting(Event::getType)
        .containsExactly(Event.Type.SUBSCRIBED, Event.Type.LAUNCH);
    assertThat(heard.getLast().getLaunch().getTask().getName()).isEqualTo("later");
    assertThat(scenario.acknowledgeAll())
        .singleElement()
        .satisfies(u -> {
          assertThat(u.getTaskId().getValue()).isEqualTo("t");
          assertThat(u.getState()).isEqualTo(TaskState.TASK_LOST);
          assertThat(u.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_RESTARTED);
        });
  }

  @Test
  void repeatedAndLateUpdatesAreAcknowledgedAndGoNowhere() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    TaskStatus.Builder running = executor.status("t", TaskState.TASK_RUNNING);
    executor.update(running);
    executor.update("t", TaskState.TASK_FINISHED);
    executor.heard();
    executor.update(running);
    executor.update("t", TaskState.TASK_FAILED);
    executor.update("t", TaskState.TASK_RUNNING);
    assertThat(executor.heardTypes()).containsOnly(Event.Type.ACKNOWLEDGED).hasSize(3);
    assertThat(scenario.acknowledgeAll())
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    assertThat(counted("tasks_failed")).isZero();
  }

  @Test
  void liesAreCountedAndGoNowhere() {
    scenario.start(AgentScenario.task("foreign", "x"));
    scenario.acknowledgeAll();
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.loseStream();
    scenario.run(FRAMEWORK, task("queued"));
    assertRefused(executor.update("foreign", TaskState.TASK_FAILED), 202, "");
    executor.update("nobody's", TaskState.TASK_RUNNING);
    executor.update("queued", TaskState.TASK_RUNNING);
    executor.update("t", TaskState.TASK_STAGING);
    executor.update("t", TaskState.TASK_UNREACHABLE);
    executor.update("t", TaskState.TASK_GONE_BY_OPERATOR);
    executor.update(
        executor
            .status("t", TaskState.TASK_RUNNING)
            .setExecutorId(ExecutorID.newBuilder().setValue("other")));
    executor.update(
        executor.status("t", TaskState.TASK_RUNNING).setSource(TaskStatus.Source.SOURCE_MASTER));
    executor.update(executor.status("t", TaskState.TASK_RUNNING).setUuid(ByteString.EMPTY));
    assertThat(scenario.updates()).isEmpty();
    assertThat(counted("invalid_status_updates")).isEqualTo(9);
  }

  @Test
  void ownWordsOfAnUpdateStayAndWrongOnesAreSetRight() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    TaskStatus.Builder status = executor.status("t", TaskState.TASK_RUNNING).clearTimestamp();
    status.getAgentIdBuilder().setValue("another");
    status
        .getContainerStatusBuilder()
        .addNetworkInfosBuilder()
        .addIpAddressesBuilder()
        .setIpAddress("1.2.3.4");
    status.getLabelsBuilder().addLabelsBuilder().setKey("k");
    executor.update(status);
    TaskStatus told = scenario.updates().getLast();
    assertThat(told.getAgentId().getValue()).isEqualTo("m-S0");
    assertThat(told.getTimestamp()).isGreaterThan(1);
    assertThat(told.getContainerStatus().getNetworkInfosCount()).isEqualTo(1);
    assertThat(told.getContainerStatus().getNetworkInfos(0).getIpAddresses(0).getIpAddress())
        .isEqualTo("1.2.3.4");
    assertThat(told.getContainerStatus().getExecutorPid()).isEqualTo(4711);
    assertThat(told.getLabels()).isEqualTo(status.getLabels());
    assertThat(told.hasExecutorId()).isFalse();
  }

  @Test
  void floodOfUpdatesIsRefusedButForTheEnd() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    int taken = 0;
    AgentCommand.AnswerExecutor answer = executor.update("t", TaskState.TASK_RUNNING);
    while (answer.status() == 202 && taken < 5000) {
      taken++;
      answer =
          executor.update("t", taken % 2 == 0 ? TaskState.TASK_RUNNING : TaskState.TASK_STARTING);
    }
    assertThat(taken).isEqualTo(1000);
    assertRefused(answer, 503, "Too many updates of task 't' wait for acknowledgement");
    assertThat(executor.update("t", TaskState.TASK_FINISHED).status()).isEqualTo(202);
    AgentSnapshot.Executor shown =
        scenario.snapshot().frameworks().getFirst().executors().getFirst();
    assertThat(shown.terminatedTasks().getFirst().getStatusesCount()).isLessThanOrEqualTo(100);
  }

  @Test
  void messagesGoBothWays() {
    ExecutorPeer executor = ExecutorPeer.running(scenario, task("t"));
    executor.heard();
    assertThat(executor.say(message(executor)).status()).isEqualTo(202);
    ToMaster told = scenario.told().getLast();
    assertThat(told.getExecutorMessage().getData()).isEqualTo(DATA);
    assertThat(told.getExecutorMessage().getExecutorId().getValue()).isEqualTo("ex");
    scenario.say(toExecutor("ex"));
    assertThat(executor.heard().getLast().getMessage().getData()).isEqualTo(DATA);
    assertThat(counted("valid_framework_messages")).isEqualTo(2);
    assertThat(counted("invalid_framework_messages")).isZero();
  }

  private static ToAgent.Builder toExecutor(String executorId) {
    return ToAgent.newBuilder()
        .setExecutorMessage(
            ExecutorMessage.newBuilder()
                .setFrameworkId(FRAMEWORK.getId())
                .setExecutorId(ExecutorID.newBuilder().setValue(executorId))
                .setData(DATA));
  }

  @Test
  void messagesThatNobodyHearsAreCounted() {
    ExecutorPeer executor = waiting();
    scenario.say(toExecutor("ex"));
    scenario.say(toExecutor("zz"));
    executor.subscribe();
    executor.heard();
    executor.loseStream();
    scenario.say(toExecutor("ex"));
    scenario.disconnect();
    assertThat(executor.say(message(executor)).status()).isEqualTo(202);
    scenario.pass(Duration.ofMillis(1));
    assertThat(executor.heard()).isEmpty();
    assertThat(counted("invalid_framework_messages")).isEqualTo(4);
  }
}
