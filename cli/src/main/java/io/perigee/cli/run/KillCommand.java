package io.perigee.cli.run;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Fields;
import io.perigee.cli.ask.Json;
import io.perigee.cli.ask.MasterOption;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perigee kill}. */
@Command(
    name = "kill",
    mixinStandardHelpOptions = true,
    description = "Kills tasks; their framework is told as of any other end.")
public final class KillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MasterOption master = new MasterOption();

  @Parameters(arity = "1..*", paramLabel = "TASK", description = "Ids of tasks, or how they begin.")
  private List<String> tasks = List.of();

  @Option(
      names = "--framework",
      paramLabel = "ID",
      description = "Their framework, where several have a task of this id.")
  private @Nullable String framework;

  @Option(names = "--json", description = "An array of what is killed, for programs.")
  private boolean asJson;

  @Override
  public Integer call() throws CommandFailed {
    PrintWriter out = spec.commandLine().getOut();
    try (Cluster cluster = master.cluster()) {
      List<Fields> found = new ArrayList<>();
      for (String task : tasks) {
        // All are looked up before any is killed: a slip in one of them kills nothing.
        found.add(running(cluster.task(task, framework)));
      }
      List<Map<String, String>> killed = new ArrayList<>();
      for (Fields task : found) {
        cluster.kill(task.text("framework_id"), task.text("id"));
        killed.add(Map.of("framework_id", task.text("framework_id"), "task_id", task.text("id")));
        if (!asJson) {
          out.println("killing " + task.text("id"));
        }
      }
      if (asJson) {
        out.println(Json.pretty(killed));
      }
      out.flush();
      return 0;
    }
  }

  private static Fields running(Fields task) throws CommandFailed {
    if (Cluster.hasEnded(task)) {
      throw new CommandFailed(task.text("id") + " has ended already: " + task.text("state"));
    }
    return task;
  }
}
