package io.perigee.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that lie, keep silent or die. Only their own tasks suffer. */
final class ExecutorMisbehaviourIT {
  @TempDir private Path workDir;
  private TestCluster cluster;

  @BeforeEach
  void startCluster() {
    cluster = new TestCluster(workDir.resolve("cluster"));
  }

  @AfterEach
  void othersAreServed() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "good")) {
      assertThat(framework.run("good", "true")).endsWith("TASK_FINISHED");
    }
    cluster.close();
  }

  private double agentMetric(String name) throws IOException {
    try (RawHttp http = new RawHttp(cluster.agent())) {
      http.send("GET /metrics/snapshot HTTP/1.1\nHost: agent\n\n", new byte[0]);
      return (double) Tree.at(Tree.json(http.readAnswer().body()), name);
    }
  }

  /** Launches a task, and leaves what is free to others. */
  private static TestExecutor start(TestCluster cluster, TestFramework framework, String taskId)
      throws IOException {
    Object offer = framework.nextOffer();
    framework.call("SUPPRESS", "");
    framework.launchWithExecutor(offer, taskId, "executor-of-" + taskId);
    return new TestExecutor(cluster.agent(), framework.id(), "executor-of-" + taskId);
  }

  @Test
  void idsThatAreNotItsOwnAreNotFound() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "liars");
        TestExecutor liar = start(cluster, framework, "t");
        TestFramework honest = new TestFramework(cluster.master(), "honest")) {
      liar.subscribe();
      for (String type : List.of("SUBSCRIBE", "MESSAGE")) {
        String payload =
            type.equals("SUBSCRIBE") ? "\"subscribe\":{}" : "\"message\":{\"data\":\"aGk=\"}";
        assertThat(liar.call("nobody", "executor-of-t", type, payload))
            .satisfies(answer -> {
              assertThat(answer.status()).isEqualTo(400);
              assertThat(answer.body()).isEqualTo("Framework cannot be found");
            });
        assertThat(liar.call(honest.id(), "executor-of-t", type, payload).status()).isEqualTo(400);
        assertThat(liar.call(framework.id(), "another", type, payload))
            .satisfies(answer -> {
              assertThat(answer.status()).isEqualTo(400);
              assertThat(answer.body()).isEqualTo("Executor cannot be found");
            });
      }
      liar.await("LAUNCH");
      assertThat(liar.update("t", "TASK_RUNNING").status()).isEqualTo(202);
      assertThat(Tree.textAt(framework.nextUpdate("t"), "state")).isEqualTo("TASK_RUNNING");
    }
  }

  @Test
  void updateOfAForeignTaskIsCountedAndChangesNothing() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "liars");
        TestExecutor liar = start(cluster, framework, "t");
        TestFramework honest = new TestFramework(cluster.master(), "honest")) {
      liar.subscribe();
      liar.await("LAUNCH");
      honest.launch(honest.nextOffer(), "honest", 0.1, "sleep 1000");
      assertThat(Tree.textAt(honest.nextUpdate("honest"), "state")).isEqualTo("TASK_STARTING");
      assertThat(Tree.textAt(honest.nextUpdate("honest"), "state")).isEqualTo("TASK_RUNNING");
      double invalid = agentMetric("slave/invalid_status_updates");
      assertThat(liar.update("honest", "TASK_FAILED").status()).isEqualTo(202);
      assertThat(liar.update("made-up", "TASK_FAILED").status()).isEqualTo(202);
      assertThat(agentMetric("slave/invalid_status_updates")).isEqualTo(invalid + 2);
      honest.call("KILL", "\"kill\":{\"task_id\":{\"value\":\"honest\"}}");
      assertThat(Tree.textAt(honest.nextUpdate("honest"), "state")).isEqualTo("TASK_KILLED");
    }
  }

  @Test
  void executorThatNeverSubscribesIsEnded() throws IOException {
    try (TestCluster impatient =
            new TestCluster(
                workDir.resolve("impatient"),
                List.of(),
                List.of("--executor_registration_timeout=1secs"));
        TestFramework framework = new TestFramework(impatient.master(), "silent");
        TestExecutor silent = start(impatient, framework, "t")) {
      Object status = framework.nextUpdate("t");
      assertThat(Tree.textAt(status, "state")).isEqualTo("TASK_FAILED");
      assertThat(Tree.textAt(status, "reason")).isEqualTo("REASON_EXECUTOR_REGISTRATION_TIMEOUT");
      assertThat(silent.call("MESSAGE", "\"message\":{\"data\":\"aGk=\"}").status()).isEqualTo(400);
    }
  }

  @Test
  void executorThatDiesBetweenLaunchAndRunningFailsItsTask() throws IOException {
    try (TestFramework framework = new TestFramework(cluster.master(), "mortal");
        TestExecutor mortal = start(cluster, framework, "t")) {
      mortal.subscribe();
      mortal.await("LAUNCH");
      mortal.exit();
      Object status = framework.nextUpdate("t");
      assertThat(Tree.textAt(status, "state")).isEqualTo("TASK_FAILED");
      assertThat(Tree.textAt(status, "reason")).isEqualTo("REASON_EXECUTOR_TERMINATED");
      Object failure = framework.next("FAILURE", e -> true);
      assertThat(Tree.textAt(failure, "failure", "executor_id", "value"))
          .isEqualTo("executor-of-t");
      assertThat(((Number) Tree.at(failure, "failure", "status")).intValue()).isZero();
    }
  }
}
