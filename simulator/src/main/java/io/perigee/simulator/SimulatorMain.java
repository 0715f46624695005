package io.perigee.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs simulations from the command line; exits with 1 if an invariant broke. */
@Command(
    name = "./dev sim",
    mixinStandardHelpOptions = true,
    description = "Simulates a cluster from a seed and prints the hash of its trace.")
public final class SimulatorMain implements Callable<Integer> {

  @Option(names = "--seed", description = "First seed (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--seeds", description = "How many seeds in a row (default: ${DEFAULT-VALUE}).")
  private int seeds = 1;

  @Option(names = "--agents", description = "Default: ${DEFAULT-VALUE}.")
  private int agents = 100;

  @Option(names = "--frameworks", description = "Default: ${DEFAULT-VALUE}.")
  private int frameworks = 5;

  @Option(
      names = "--seconds",
      description = "Virtual seconds with faults (default: ${DEFAULT-VALUE}).")
  private int seconds = 20;

  @Option(names = "--trace", description = "File for one line per event and command.")
  private @Nullable Path trace;

  public static void main(String[] args) {
    System.exit(new CommandLine(new SimulatorMain()).execute(args));
  }

  @Override
  public Integer call() {
    for (long s = seed; s < seed + seeds; s++) {
      SimulationConfig config =
          new SimulationConfig(
              s, agents, frameworks, Duration.ofSeconds(seconds), Duration.ofSeconds(150));
      long startNanos = System.nanoTime();
      SimulationResult result;
      try {
        result = run(config);
      } catch (BrokenInvariant broken) {
        System.err.println(broken.getMessage());
        return 1;
      }
      System.out.printf(
          "seed %d: trace hash %016x, %d events in %.2f s, %d tasks launched, ends %s, faults %s%n",
          result.seed(),
          result.traceHash(),
          result.events(),
          (System.nanoTime() - startNanos) / 1e9,
          result.launched(),
          result.ends(),
          result.faults());
    }
    return 0;
  }

  private SimulationResult run(SimulationConfig config) {
    if (trace == null) {
      return Simulation.run(config, null);
    }
    try (Writer lines = Files.newBufferedWriter(trace)) {
      return Simulation.run(config, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
