package io.perigee.master.core;

import static io.perigee.master.core.Scenario.framework;
import static io.perigee.master.core.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.Gauges;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.FrameworkInfo.Capability;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.scheduler.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frameworks subscribe, fail over, go away and end. */
class FrameworkLifeTest {
  private final Scenario scenario = new Scenario();

  private static String error(Scenario.Scheduler scheduler) {
    return scheduler.events(SchedulerNotice.FatalError.class).getLast().message();
  }

  @Test
  void newFrameworksGetIdsInOrder() {
    assertThat(scenario.subscribe(framework()).id).isEqualTo("m-0000");
    assertThat(scenario.subscribe(framework()).id).isEqualTo("m-0001");
  }

  @Test
  void unknownIdIsWelcomeBecauseTheMasterMayHaveForgottenIt() {
    var scheduler =
        scenario.subscribe(framework().setId(FrameworkID.newBuilder().setValue("seen-before")));
    assertThat(scheduler.id).isEqualTo("seen-before");
  }

  @Test
  @SuppressWarnings("deprecation") // The old role field is what is tested.
  void invalidFrameworksGetAnErrorAndTheEndOfTheStream() {
    var scheduler = scenario.subscribe(framework().setRole("a b"));
    assertThat(error(scheduler))
        .isEqualTo(
            "'FrameworkInfo.role' is not a valid role: Role component 'a b' is invalid because it"
                + " contains backspace or whitespace");
    assertThat(scenario.take(MasterCommand.EndStream.class))
        .containsExactly(new MasterCommand.EndStream(scheduler.stream));
    assertThat(error(scenario.subscribe(framework(Capability.Type.MULTI_ROLE).setRole("a"))))
        .isEqualTo("'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
    assertThat(error(scenario.subscribe(framework().addRoles("a"))))
        .contains("must not be set when the framework is not MULTI_ROLE capable");
    assertThat(
            error(
                scenario.subscribe(
                    framework(Capability.Type.MULTI_ROLE).addRoles("a").addRoles("a"))))
        .isEqualTo("'FrameworkInfo.roles' contains duplicate items: { a }");
    assertThat(error(scenario.subscribe(framework().setFailoverTimeout(1e10))))
        .startsWith("The framework failover_timeout (1.0E10) is invalid");
  }

  @Test
  void newerSchedulerWinsAndTheOlderLearnsWhy() {
    var scheduler = scenario.subscribe(framework().setFailoverTimeout(60));
    scenario.agent(5051, "cpus:4;mem:1000");
    var old = scheduler.offer();
    var newer = scheduler.again(framework().setFailoverTimeout(60));
    assertThat(newer.id).isEqualTo(scheduler.id);
    assertThat(error(scheduler)).isEqualTo("Framework failed over");
    assertThat(newer.events(SchedulerNotice.Rescind.class)).isEmpty();
    var call = Call.newBuilder().setType(Call.Type.REVIVE);
    assertThat(scheduler.call(call).status()).isEqualTo(400);
    assertThat(newer.call(call).status()).isEqualTo(202);
    newer.accept(old, task("t", old, "cpus:1"));
    assertThat(newer.updates().getLast().getMessage()).contains("is no longer valid");
    // The end of the old stream is no end of the framework.
    scheduler.disconnect();
    assertThat(newer.call(call).status()).isEqualTo(202);
  }

  @Test
  void callsAreCheckedInMesosOrder() {
    var scheduler = scenario.subscribe(framework().setFailoverTimeout(60));
    var call = Call.newBuilder().setType(Call.Type.REVIVE);
    assertThat(scheduler.call(call, null))
        .satisfies(a -> {
          assertThat(a.status()).isEqualTo(400);
          assertThat(a.text())
              .isEqualTo("All non-subscribe calls should include the 'Mesos-Stream-Id' header");
        });
    assertThat(scheduler.call(call, "wrong").text())
        .isEqualTo(
            "The stream ID 'wrong' included in this request didn't match the stream ID currently"
                + " associated with framework ID m-0000");
    scheduler.disconnect();
    assertThat(scheduler.call(call))
        .satisfies(a -> {
          assertThat(a.status()).isEqualTo(403);
          assertThat(a.text()).isEqualTo("Framework is not subscribed");
        });
    scheduler.id = "nobody";
    assertThat(scheduler.call(call).text()).isEqualTo("Framework cannot be found");
  }

  @Test
  void frameworkThatComesBackInTimeKeepsItsTasks() {
    FrameworkInfo.Builder info = framework().setFailoverTimeout(10).setCheckpoint(true);
    var scheduler = scenario.subscribe(info);
    var agent = scenario.agent(5051, "cpus:4;mem:1000");
    var offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1"));
    scheduler.disconnect();
    scenario.pass(Duration.ofSeconds(9));
    var newer = scheduler.again(info);
    scenario.pass(Duration.ofMinutes(1));
    newer.reconcile();
    assertThat(newer.updates().getLast().getState()).isEqualTo(TaskState.TASK_STAGING);
    assertThat(agent.messages()).anyMatch(ToAgent::hasUpdateFramework);
  }

  @Test
  void frameworkThatStaysAwayIsRemovedWithItsTasks() {
    var scheduler = scenario.subscribe(framework().setFailoverTimeout(10));
    var agent = scenario.agent(5051, "cpus:4;mem:1000");
    var offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1"));
    scheduler.disconnect();
    scenario.pass(Duration.ofSeconds(11));
    assertThat(agent.messages()).anyMatch(ToAgent::hasShutdownFramework);
    var snapshot = scenario.snapshot();
    assertThat(snapshot.frameworks()).isEmpty();
    assertThat(snapshot.completedFrameworks().getFirst().completedTasks().getFirst().state())
        .isEqualTo(TaskState.TASK_KILLED);
    assertThat(error(scheduler.again(framework()))).isEqualTo("Framework has been removed");
  }

  @Test
  void withoutFailoverTimeoutTheFirstDisconnectIsTheEnd() {
    var scheduler = scenario.subscribe(framework());
    scheduler.disconnect();
    assertThat(scenario.snapshot().completedFrameworks()).hasSize(1);
  }

  @Test
  void tornDownFrameworkHearsNothingMore() {
    var scheduler = scenario.subscribe(framework());
    var agent = scenario.agent(5051, "cpus:4;mem:1000");
    var offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1"));
    scheduler.events();
    assertThat(scheduler.call(Call.Type.TEARDOWN).status()).isEqualTo(202);
    assertThat(scheduler.events()).isEmpty();
    assertThat(scenario.take(MasterCommand.EndStream.class)).hasSize(1);
    assertThat(agent.messages()).anyMatch(ToAgent::hasShutdownFramework);
    assertThat(scheduler.call(Call.Type.REVIVE).text()).isEqualTo("Framework cannot be found");
    // What it held is free for the next one.
    assertThat(scenario.subscribe(framework()).offer().resources())
        .isEqualTo(Scenario.resources("cpus:4;mem:1000"));
  }

  @Test
  void principalCannotChange() {
    var scheduler = scenario.subscribe(framework().setPrincipal("a").setFailoverTimeout(9));
    assertThat(error(scheduler.again(framework().setPrincipal("b"))))
        .isEqualTo("Changing framework's principal is not allowed.");
  }

  @Test
  void frameworkOfferedRolesAreThoseNotSuppressed() {
    scenario.agent(5051, "cpus:4;mem:1000");
    scenario.agent(5052, "cpus:4;mem:1000");
    var scheduler =
        scenario.subscribe(framework(Capability.Type.MULTI_ROLE).addRoles("a").addRoles("b"));
    assertThat(scheduler.offers()).extracting(o -> o.role()).containsExactlyInAnyOrder("a", "b");
    var narrow =
        Call.newBuilder()
            .setType(Call.Type.SUPPRESS)
            .setSuppress(Call.Suppress.newBuilder().addRoles("a"));
    scheduler.call(narrow);
    for (var offer : scenario.snapshot().frameworks().getFirst().offers()) {
      scheduler.decline(offer, 1);
    }
    scenario.pass(Duration.ofSeconds(2));
    assertThat(scheduler.offers()).extracting(o -> o.role()).containsOnly("b");
  }

  @Test
  void manyCompletedFrameworksAreForgotten() {
    for (int i = 0; i < 60; i++) {
      scenario.subscribe(framework()).disconnect();
    }
    assertThat(scenario.snapshot().completedFrameworks()).hasSize(50);
  }

  private static Call.Builder update(FrameworkInfo.Builder info, String... suppressed) {
    return Call.newBuilder()
        .setType(Call.Type.UPDATE_FRAMEWORK)
        .setUpdateFramework(
            Call.UpdateFramework.newBuilder()
                .setFrameworkInfo(info)
                .addAllSuppressedRoles(List.of(suppressed)));
  }

  @Test
  void updatedFrameworkGetsOffersForItsNewRolesAndLosesThoseForOldOnes() {
    var info = framework(Capability.Type.MULTI_ROLE).addRoles("a");
    var scheduler = scenario.subscribe(info);
    var agent = scenario.agent(5051, "cpus:4;mem:1000");
    var offer = scheduler.offer();
    assertThat(scheduler.call(update(info.clone().clearRoles().addRoles("b").addRoles("c"), "c")))
        .extracting(MasterCommand.Answer::status, MasterCommand.Answer::text)
        .containsExactly(200, "");
    scenario.pass(Duration.ofSeconds(1));
    var events = scheduler.events();
    assertThat(events).contains(new SchedulerNotice.Rescind(offer.id()));
    assertThat(events)
        .filteredOn(SchedulerNotice.Offers.class::isInstance)
        .flatExtracting(event -> ((SchedulerNotice.Offers) event).offers())
        .extracting(offered -> offered.offer().role())
        .containsExactly("b");
    assertThat(agent.messages()).noneMatch(ToAgent::hasUpdateFramework); // It runs nothing there.
    assertThat(scenario.snapshot().frameworks().getFirst().roles()).containsExactly("b", "c");
  }

  @Test
  void updateThatMayNotBeChangesNothing() {
    var info = framework(Capability.Type.MULTI_ROLE).addRoles("a").setCheckpoint(true);
    var scheduler = scenario.subscribe(info);
    assertThat(scheduler.call(update(info.clone().setCheckpoint(false).addRoles("b"))))
        .extracting(MasterCommand.Answer::status, MasterCommand.Answer::text)
        .containsExactly(
            400,
            "FrameworkInfo update is not valid: Updating 'FrameworkInfo.checkpoint' is unsupported;"
                + " attempted to update from 'true' to 'false'");
    assertThat(scheduler.call(update(info.clone().setUser("else"))).text())
        .contains("'FrameworkInfo.user' is unsupported");
    assertThat(scheduler.call(update(info.clone().setPrincipal("else"))).text())
        .contains("Changing framework's principal is not allowed.");
    assertThat(scheduler.call(update(info.clone().addRoles("a b"))).text())
        .startsWith("Supplied FrameworkInfo is not valid: 'FrameworkInfo.roles' contains invalid");
    assertThat(scheduler.call(update(info, "b")).status()).isEqualTo(400);
    assertThat(scenario.snapshot().frameworks().getFirst().roles()).containsExactly("a");
  }

  @Test
  void metricsTellWhatHappenedWithEachFramework() {
    var scheduler =
        scenario.subscribe(framework(Capability.Type.MULTI_ROLE).addRoles("a").setName("a/b c"));
    scenario.agent(5051, "cpus:4;mem:1000");
    var offer = scheduler.offer();
    scheduler.accept(offer, task("t", offer, "cpus:1"), task("t", offer, "cpus:1"));
    scheduler.call(Call.Type.SUPPRESS);
    String prefix = "master/frameworks/a%2Fb%20c/" + scheduler.id + "/";
    assertThat(Gauges.of(scenario.snapshot()))
        .containsEntry(prefix + "subscribed", 1.0)
        .containsEntry(prefix + "roles/a/suppressed", 1.0)
        .containsEntry(prefix + "calls", 3.0)
        .containsEntry(prefix + "calls/accept", 1.0)
        .containsEntry(prefix + "calls/kill", 0.0)
        .containsEntry(prefix + "events/offers", 1.0)
        .containsEntry(prefix + "offers/accepted", 1.0)
        .containsEntry(prefix + "tasks/active/task_staging", 1.0)
        .containsEntry(prefix + "tasks/active/task_unreachable", 0.0)
        .containsEntry(prefix + "tasks/terminal/task_error", 1.0);
    scheduler.disconnect();
    assertThat(Gauges.of(scenario.snapshot())).doesNotContainKey(prefix + "subscribed");
  }
}
