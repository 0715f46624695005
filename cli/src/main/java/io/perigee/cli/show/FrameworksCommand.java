package io.perigee.cli.show;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Fields;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perigee frameworks}. */
@Command(
    name = "frameworks",
    mixinStandardHelpOptions = true,
    description = "Shows the frameworks and what they use.")
public final class FrameworksCommand extends ShowCommand {

  @Option(names = "--all", description = "Also those that ended.")
  private boolean all;

  @Override
  List<Fields> list(Cluster cluster) throws CommandFailed {
    return cluster.frameworks().stream().filter(f -> all || !hasEnded(f)).toList();
  }

  private static boolean hasEnded(Fields framework) {
    return framework.number("unregistered_time") > 0;
  }

  @Override
  Table table(List<Fields> list, Cluster cluster) {
    Table table =
        new Table("FRAMEWORK", "NAME", "USER", "ROLES", "STATE", "TASKS", "CPUS", "MEM", "SINCE");
    for (Fields framework : list) {
      Fields used = framework.object("used_resources");
      table.row(
          framework.text("id"),
          framework.text("name"),
          framework.text("user"),
          roles(framework),
          state(framework),
          framework.objects("tasks").size(),
          Cells.number(used.number("cpus")),
          Cells.megabytes(used.number("mem")),
          Cells.age(framework.number("registered_time"), Instant.now()));
    }
    return table;
  }

  private static String roles(Fields framework) {
    List<String> roles = framework.texts("roles");
    return roles.isEmpty() ? framework.text("role") : String.join(",", roles);
  }

  private static String state(Fields framework) {
    if (hasEnded(framework)) {
      return "ended";
    }
    if (!framework.isTrue("connected")) {
      return "disconnected";
    }
    return framework.isTrue("active") ? "active" : "inactive";
  }
}
