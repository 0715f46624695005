package io.perigee.cli.config;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code perigee config sample}. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    description =
        "Prints a file with every option of a daemon, its meaning and its default; all of it is"
            + " commented out.")
final class SampleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--role",
      required = true,
      description = "Which daemon: ${COMPLETION-CANDIDATES}.")
  private Role role = Role.master;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(SampleFile.of(role));
    out.flush();
    return 0;
  }
}
