package io.perigee.cli.show;

import static java.util.stream.Collectors.toMap;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perigee tasks}. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    description = "Shows the tasks that run, the latest first.")
public final class TasksCommand extends ShowCommand {
  @Option(names = "--all", description = "Also those that ended.")
  private boolean all;

  @Option(
      names = "--framework",
      paramLabel = "ID",
      description = "Only those of one framework: its id, or how that begins or ends.")
  private @Nullable String framework;

  @Override
  List<Fields> list(Cluster cluster) throws CommandFailed {
    return cluster.tasks().stream()
        .filter(task -> all || !Cluster.hasEnded(task))
        .filter(task -> isOfFramework(task.text("framework_id")))
        .toList();
  }

  private boolean isOfFramework(String id) {
    return framework == null || id.startsWith(framework) || id.endsWith(framework);
  }

  @Override
  Table table(List<Fields> list, Cluster cluster) throws CommandFailed {
    Map<String, String> frameworks = names(cluster.frameworks(), "name");
    Map<String, String> hosts = names(cluster.agents(), "hostname");
    Table table = new Table("TASK", "STATE", "FRAMEWORK", "HOST", "CPUS", "MEM", "IN STATE FOR");
    for (Fields task : list) {
      Fields resources = task.object("resources");
      String agent = task.text("slave_id");
      table.row(
          task.text("id"),
          task.text("state"),
          frameworks.getOrDefault(task.text("framework_id"), task.text("framework_id")),
          hosts.getOrDefault(agent, agent),
          Cells.number(resources.number("cpus")),
          Cells.megabytes(resources.number("mem")),
          Cells.age(lastChange(task), Instant.now()));
    }
    return table;
  }

  private static Map<String, String> names(List<Fields> list, String name) {
    return list.stream().collect(toMap(f -> f.text("id"), f -> f.text(name), (a, b) -> a));
  }

  private static double lastChange(Fields task) {
    List<Fields> statuses = task.objects("statuses");
    return statuses.isEmpty() ? 0 : statuses.getLast().number("timestamp");
  }
}
