package io.perigee.cli.show;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Fields;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code perigee agents}. */
@Command(
    name = "agents",
    mixinStandardHelpOptions = true,
    description = "Shows the agents: what they have, and how much of it is used.")
public final class AgentsCommand extends ShowCommand {

  @Override
  List<Fields> list(Cluster cluster) throws CommandFailed {
    return cluster.agents();
  }

  @Override
  Table table(List<Fields> list, Cluster cluster) {
    Table table =
        new Table("AGENT", "ADDRESS", "STATE", "CPUS", "MEM", "DISK", "ATTRIBUTES", "REGISTERED");
    for (Fields agent : list) {
      Fields used = agent.object("used_resources");
      Fields all = agent.object("resources");
      table.row(
          agent.text("id"),
          agent.text("hostname") + ":" + agent.text("port"),
          state(agent),
          Cells.cpus(used, all),
          Cells.megabytes("mem", used, all),
          Cells.megabytes("disk", used, all),
          attributes(agent.object("attributes")),
          Cells.age(agent.number("registered_time"), Instant.now()));
    }
    return table;
  }

  private static String state(Fields agent) {
    if (agent.isTrue("deactivated")) {
      return "deactivated";
    }
    return agent.isTrue("active") ? "active" : "disconnected";
  }

  private static String attributes(Fields attributes) {
    return String.join(
        ";",
        attributes.values().entrySet().stream().map(a -> a.getKey() + ":" + a.getValue()).toList());
  }
}
