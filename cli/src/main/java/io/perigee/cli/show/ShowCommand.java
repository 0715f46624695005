package io.perigee.cli.show;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Fields;
import io.perigee.cli.ask.Json;
import io.perigee.cli.ask.MasterOption;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that prints a list: a table, or with {@code --json} what the master answered. */
abstract sealed class ShowCommand implements Callable<Integer>
    permits AgentsCommand, FrameworksCommand, TasksCommand {
  @Mixin private MasterOption master = new MasterOption();

  @Option(
      names = "--json",
      description = "An array of objects with the fields of Mesos' endpoint, for programs.")
  private boolean asJson;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** The things to show, from one or more questions. */
  abstract List<Fields> list(Cluster cluster) throws CommandFailed;

  /** The table of what was listed. */
  abstract Table table(List<Fields> list, Cluster cluster) throws CommandFailed;

  @Override
  public Integer call() throws CommandFailed {
    PrintWriter out = spec.commandLine().getOut();
    try (Cluster cluster = master.cluster()) {
      List<Fields> list = list(cluster);
      if (asJson) {
        out.println(Json.pretty(list.stream().map(Fields::values).toList()));
      } else {
        out.print(table(list, cluster));
      }
      out.flush();
      return 0;
    }
  }
}
