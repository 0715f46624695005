package io.perigee.benchmarks;

import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.measure.Machine;
import io.perigee.benchmarks.measure.Printer;
import io.perigee.benchmarks.process.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists and runs benchmarks from the command line; exits with 1 if one of them failed. */
@Command(
    name = "./dev bench",
    mixinStandardHelpOptions = true,
    description = "Runs the benchmarks named, or all of them: four to six minutes.")
public final class BenchmarksMain implements Callable<Integer> {
  private final PrintStream out;

  @Parameters(paramLabel = "NAME", description = "See --list.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Prints the benchmarks' names, runs none.")
  private boolean isListWanted;

  @Option(names = "--json", description = "Prints one JSON object a figure.")
  private boolean isJson;

  @Option(
      names = "--smallest",
      description = "Runs the smallest form, which only shows that it works.")
  private boolean isSmallest;

  @Option(
      names = "--master",
      paramLabel = "URI",
      description =
          "Master for task-life and short-tasks, such as http://127.0.0.1:5050, with one agent on"
              + " this machine (default: starts both).")
  private @Nullable URI master;

  private BenchmarksMain(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /** Runs with the arguments of a command line and returns the exit code. */
  static int run(PrintStream out, String... args) {
    System.setProperty("logback.configurationFile", "logback-benchmarks.xml");
    return new CommandLine(new BenchmarksMain(out)).execute(args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Benchmark> all = Catalogue.all();
    List<String> known = all.stream().map(Benchmark::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        System.err.println(
            "unknown benchmark '" + name + "' (known: " + String.join(" ", known) + ")");
        return 2;
      }
    }
    if (isListWanted) {
      all.forEach(it -> out.printf("%-12s %s%n", it.name(), it.summary()));
      return 0;
    }
    Printer printer = new Printer(out, isJson, Machine.here());
    int exit = 0;
    for (Benchmark benchmark : all) {
      if (names.isEmpty() || names.contains(benchmark.name())) {
        exit |= run(benchmark, printer);
      }
    }
    return exit;
  }

  private int run(Benchmark benchmark, Printer printer) throws IOException, InterruptedException {
    printer.title(benchmark.name(), benchmark.summary());
    Path workDir = Files.createTempDirectory("perigee-bench-");
    try {
      for (Figure figure : benchmark.run(new Setup(isSmallest, master, workDir))) {
        printer.print(benchmark.name(), figure);
      }
      return 0;
    } catch (Broken broken) {
      System.err.println(benchmark.name() + " failed: " + broken.getMessage());
      return 1;
    } finally {
      Folders.delete(workDir);
    }
  }
}
