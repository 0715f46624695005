package io.perigee.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.TaskState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two hundred clusters of a hundred agents, and what the same seed must mean. */
class SimulationTest {
  private static final int SEEDS = 200;

  @Test
  void twoHundredSeedsBreakNothingAndSeeEveryKindOfTrouble() throws Exception {
    List<SimulationResult> results = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<SimulationResult>> runs = new ArrayList<>();
      for (long seed = 1; seed <= SEEDS; seed++) {
        SimulationConfig config = SimulationConfig.ofSeed(seed);
        runs.add(threads.submit(() -> Simulation.run(config, null)));
      }
      for (Future<SimulationResult> run : runs) {
        results.add(run.get());
      }
    }
    Map<String, Long> faults = new TreeMap<>();
    Map<String, Long> ends = new TreeMap<>();
    for (SimulationResult result : results) {
      result.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
      result.ends().forEach((end, count) -> ends.merge(end, count, Long::sum));
    }
    System.out.println(SEEDS + " seeds: ends " + ends + ", faults " + faults);
    assertThat(faults)
        .containsKeys(
            "agent crash",
            "agent cut off",
            "duplicated message",
            "end of an executor",
            "executor crash",
            "framework crash",
            "lie",
            "lost message",
            "message of an executor",
            "refused connection",
            "silent connection",
            "slow message",
            "teardown");
    assertThat(ends)
        .containsKeys(
            TaskState.TASK_FINISHED.name(),
            TaskState.TASK_FAILED.name(),
            TaskState.TASK_KILLED.name(),
            TaskState.TASK_LOST.name(),
            TaskState.TASK_DROPPED.name());
    assertThat(results).extracting(SimulationResult::traceHash).doesNotHaveDuplicates();
    assertThat(results).allSatisfy(r -> assertThat(r.launched()).isGreaterThan(100));
  }

  @Test
  void sameSeedGivesTheSameTraceInAnotherJvm() throws Exception {
    SimulationConfig config =
        new SimulationConfig(7, 30, 3, Duration.ofSeconds(10), Duration.ofSeconds(150));
    String here = "%016x".formatted(Simulation.run(config, null).traceHash());
    assertThat(
            inAnotherJvm("--seed", "7", "--agents", "30", "--frameworks", "3", "--seconds", "10"))
        .contains("trace hash " + here);
  }

  private static String inAnotherJvm(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Other hash seeds and another compiler order than here.
                "-Xint",
                "-cp",
                System.getProperty("java.class.path"),
                SimulatorMain.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
