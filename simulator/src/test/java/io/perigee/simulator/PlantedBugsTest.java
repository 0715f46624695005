package io.perigee.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation finds mistakes: each of these, made on purpose in the real sources, is caught. */
class PlantedBugsTest {
  private static final String MASTER = "io/perigee/master/core/";
  private static final String AGENT = "io/perigee/agent/core/";

  static Stream<PlantedBug> bugs() {
    return Stream.of(
        new PlantedBug(
            "resources of a task are given back twice",
            "master/core",
            MASTER + "TaskUpdates.java",
            "if (cell.holdsResources()) {",
            "if (true) {"),
        new PlantedBug(
            "an answered offer stays in the book",
            "master/core",
            MASTER + "OfferBook.java",
            "master.cluster.removeOffer(offer);",
            ""),
        new PlantedBug(
            "an agent does not repeat its updates",
            "agent/core",
            AGENT + "UpdateStreams.java",
            "timers.set(new Timer.Repeat(task), turn.nowNanos() + stream.repeatNanos);",
            ""),
        new PlantedBug(
            "a returning agent keeps tasks that were declared over",
            "master/core",
            MASTER + "AgentReconciliation.java",
            "turn.tellLink(link, TaskUpdates.discard(unknownTask));",
            ""),
        new PlantedBug(
            "an executor that runs is paid for again",
            "master/core",
            MASTER + "validation/ExecutorValidator.java",
            "new Wanted(running, false)",
            "new Wanted(running, true)"),
        new PlantedBug(
            "the end of an executor frees nothing",
            "master/core",
            MASTER + "Executors.java",
            "master.cluster.removeExecutor(executor);",
            ""),
        new PlantedBug(
            "the end of an executor is not told",
            "master/core",
            MASTER + "Executors.java",
            "tell(turn, executor, message.getStatus());",
            ""),
        new PlantedBug(
            "the master does not say that an executor is new",
            "master/core",
            MASTER + "Launching.java",
            "run.addNewExecutors(executor.info().getExecutorId());",
            ""),
        new PlantedBug(
            "an executor that its agent lost stays in the books",
            "master/core",
            MASTER + "AgentReconciliation.java",
            "executors.vanished(turn, executor);",
            ""));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void plantedBugIsCaught(PlantedBug bug) throws Exception {
    Optional<String> caught = bug.catchWith(10);
    System.out.println(bug + ": " + caught.orElse("not caught").lines().findFirst().orElse(""));
    assertThat(caught).isPresent();
  }

  /** The same machinery finds nothing where nothing is wrong. */
  @Test
  void soundSourceBreaksNothing() throws Exception {
    PlantedBug none =
        new PlantedBug(
            "none",
            "master/core",
            MASTER + "OfferBook.java",
            "master.cluster.removeOffer(offer);",
            "master.cluster.removeOffer(offer); // Nothing is wrong here.");
    assertThat(none.catchWith(10)).isEmpty();
  }
}
