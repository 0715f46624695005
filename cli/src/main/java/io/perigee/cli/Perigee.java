package io.perigee.cli;

import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.config.ConfigCommand;
import io.perigee.cli.daemon.Daemon;
import io.perigee.cli.daemon.Daemons;
import io.perigee.cli.daemon.LocalCommand;
import io.perigee.cli.run.KillCommand;
import io.perigee.cli.run.LogsCommand;
import io.perigee.cli.run.RunCommand;
import io.perigee.cli.show.AgentsCommand;
import io.perigee.cli.show.FrameworksCommand;
import io.perigee.cli.show.TasksCommand;
import io.perigee.endpoints.Build;
import java.util.Arrays;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code perigee} command. */
@Command(
    name = "perigee",
    mixinStandardHelpOptions = true,
    versionProvider = Perigee.Version.class,
    description = "Runs a cluster that speaks the Apache Mesos API, and tasks on it.",
    subcommands = {
      LocalCommand.class,
      AgentsCommand.class,
      FrameworksCommand.class,
      TasksCommand.class,
      LogsCommand.class,
      KillCommand.class,
      ConfigCommand.class,
      HelpCommand.class
    })
public final class Perigee implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) throws InterruptedException {
    System.setProperty("perigee.log.level", logLevel(arguments));
    System.setProperty("perigee.log.form", LogForm.of(System.getenv("JOURNAL_STREAM")).pattern());
    System.exit(execute(arguments));
  }

  /**
   * Daemons log what they do, {@code local} what is wrong, and other verbs speak for themselves.
   */
  private static String logLevel(String[] arguments) {
    String verb = arguments.length == 0 ? "" : arguments[0];
    if (Daemons.ALL.stream().anyMatch(daemon -> daemon.name().equals(verb))) {
      return "INFO";
    }
    return verb.equals("local") ? "WARN" : "ERROR";
  }

  private static int execute(String[] arguments) throws InterruptedException {
    CommandLine commandLine = commandLine();
    List<String> words = Arrays.asList(arguments);
    for (Daemon daemon : Daemons.ALL) {
      boolean isMeant = !words.isEmpty() && words.getFirst().equals(daemon.name());
      boolean wantsHelp = words.contains("--help") || words.contains("-h");
      if (isMeant && !wantsHelp) {
        return daemon.run(words.subList(1, words.size()), commandLine.getErr());
      }
    }
    return commandLine.execute(arguments);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Perigee());
    for (Daemon daemon : Daemons.ALL) {
      commandLine.addSubcommand(new CommandLine(daemon.spec()));
    }
    commandLine.addSubcommand(new Completion());
    // What follows a task's program is the program's.
    commandLine.addSubcommand(new CommandLine(new RunCommand()).setStopAtPositional(true));
    commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
      if (exception instanceof CommandFailed failed) {
        command.getErr().println("perigee: " + failed.getMessage());
        command.getErr().flush();
        return failed.exitCode();
      }
      throw exception;
    });
    return commandLine;
  }

  /** Without a verb. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "perigee " + Build.current().version() + " (Mesos API " + Build.MESOS_VERSION + ")"
      };
    }
  }

  /** {@code perigee completion}. */
  @Command(
      name = "completion",
      mixinStandardHelpOptions = true,
      description = "Prints a script for tab completion in bash and zsh.",
      footer = {"", "Use it with: source <(perigee completion)"})
  static final class Completion implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      CommandLine root = spec.root().commandLine();
      spec.commandLine().getOut().print(AutoComplete.bash(root.getCommandName(), root));
      spec.commandLine().getOut().flush();
    }
  }
}
