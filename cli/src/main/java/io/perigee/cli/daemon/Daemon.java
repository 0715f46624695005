package io.perigee.cli.daemon;

import io.perigee.common.ExitCode;
import io.perigee.common.Problems;
import io.perigee.common.loop.DecisionLoop;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionValues;
import io.perigee.net.EventLoops;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A verb that is a daemon: its options come from a table of its own, which tells all problems at
 * once and reads the environment.
 *
 * @param name of the verb
 */
public record Daemon(
    String name, String description, OptionTable table, Checker checker, Starter starter) {
  /** Tells what would keep the daemon from starting, as far as it can without starting it. */
  @FunctionalInterface
  public interface Checker {
    void check(OptionValues values, Problems problems);
  }

  /** Starts the daemon; null if there were problems. */
  @FunctionalInterface
  interface Starter {
    @Nullable Started start(
        OptionValues values, EventLoops loops, Problems problems, DecisionLoop.FatalListener fatal);
  }

  /** A daemon that runs. */
  interface Started {
    /** Returns when it ended by itself; never, if it does not. */
    void awaitEnd() throws InterruptedException;

    /** For {@link Supervisor.Source#status}. */
    @Nullable String status() throws InterruptedException;

    void close();
  }

  /** For help and completion; what is typed is read by {@link #run}. */
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(description)
        .synopsisHeading("Usage: perigee ")
        .customSynopsis(name + " [--NAME=VALUE]...")
        .footer(
            "",
            "Each option is also read from the environment, as PERIGEE_NAME or MESOS_NAME, and from"
                + " the file of --config, as name: value. A flag wins over the environment, that"
                + " over the file, and the file over the default. 'perigee config' checks and"
                + " explains files.");
    Map<String, ArgGroupSpec.Builder> groups = new LinkedHashMap<>();
    for (Option<?> option : table.options()) {
      String byDefault =
          option.defaultText() == null ? "" : " Default: " + option.defaultText() + ".";
      groups
          .computeIfAbsent(
              option.group(),
              heading -> ArgGroupSpec.builder().validate(false).heading("%n" + heading + "%n"))
          .addArg(
              OptionSpec.builder(option.flag())
                  .paramLabel(option.type().word())
                  .type(String.class)
                  .arity("0..1")
                  .description((option.meaning() + byDefault).replace("%", "%%"))
                  .build());
    }
    groups.values().forEach(group -> spec.addArgGroup(group.build()));
    return spec;
  }

  /** Runs until the daemon ends or the process is told to: it is stopped in order then. */
  public int run(List<String> arguments, PrintWriter err) throws InterruptedException {
    Problems problems = new Problems();
    OptionValues values = table.read(arguments, System.getenv(), problems);
    EventLoops loops = new EventLoops("net", Runtime.getRuntime().availableProcessors());
    Started started = starter.start(values, loops, problems, Fatal::stopped);
    if (started == null) {
      loops.close();
      err.print(text("perigee " + name, problems));
      err.flush();
      return ExitCode.USAGE;
    }
    Supervisor supervisor = Supervisor.of(System.getenv(), started::status);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (supervisor != null) {
                    supervisor.stopping();
                  }
                  started.close();
                  loops.close();
                },
                "stop"));
    if (supervisor != null) {
      supervisor.start();
    }
    started.awaitEnd();
    return 0;
  }

  /** All problems, one on each line. */
  static String text(String program, Problems problems) {
    StringBuilder text =
        new StringBuilder(program).append(" cannot start:").append(System.lineSeparator());
    for (String problem : problems.texts()) {
      text.append("  ").append(problem).append(System.lineSeparator());
    }
    return text.toString();
  }
}
