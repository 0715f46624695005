package io.perigee.cli.run;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.MasterOption;
import io.perigee.common.ExitCode;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.Environment;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.model.Roles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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

/** {@code perigee run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs a command on the cluster, shows its output, and ends as it ends.",
    footer = {
      "",
      "One argument is a line for the shell; several are a program and its arguments, taken as they"
          + " are:",
      "  perigee run -- 'echo hello from $MESOS_TASK_ID'",
      "  perigee run --cpus 2 --mem 512 --instances 5 -- python3 -c 'print(1)'",
      "",
      "Exit code: 0 if all instances succeed, else that of the first one that fails (128 + number"
          + " if a signal ended it, 1 if it never ran). Ctrl-C kills them all."
    })
public final class RunCommand implements Callable<Integer> {
  private static final int MOST_INSTANCES = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private MasterOption master = new MasterOption();

  @Option(
      names = "--cpus",
      defaultValue = "0.1",
      description = "Cpus of each instance (default: ${DEFAULT-VALUE}).")
  private double cpus;

  @Option(
      names = "--mem",
      paramLabel = "MB",
      defaultValue = "32",
      description = "Memory of each instance in megabytes (default: ${DEFAULT-VALUE}).")
  private double mem;

  @Option(
      names = "--disk",
      paramLabel = "MB",
      defaultValue = "0",
      description = "Disk of each instance in megabytes (default: none is asked for).")
  private double disk;

  @Option(
      names = {"-n", "--instances"},
      paramLabel = "N",
      defaultValue = "1",
      description = "How many to run, each once (default: ${DEFAULT-VALUE}).")
  private int instances;

  @Option(
      names = "--name",
      description = "Name of the framework and beginning of its tasks' ids (default: the program).")
  private @Nullable String name;

  @Option(
      names = "--role",
      defaultValue = Roles.ANY,
      description = "Role whose resources are used (default: ${DEFAULT-VALUE}).")
  private String role = Roles.ANY;

  @Option(names = "--user", description = "User whom the agents run it as (default: yours).")
  private String user = System.getProperty("user.name");

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME[=VALUE]",
      description = "A variable of its environment; without a value yours is taken.")
  private List<String> variables = List.of();

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "What to run.")
  private List<String> command = List.of();

  @Override
  public Integer call() throws CommandFailed {
    Map<String, Double> scalars = new LinkedHashMap<>();
    put("--cpus", cpus, 0.01, scalars);
    put("--mem", mem, 1, scalars);
    if (disk != 0) {
      put("--disk", disk, 1, scalars);
    }
    if (instances < 1 || instances > MOST_INSTANCES) {
      throw usage("--instances: " + instances + " (expected: 1 to " + MOST_INSTANCES + ")");
    }
    String problem = Roles.problem(role).orElse(null);
    if (problem != null) {
      throw usage("--role: " + problem);
    }
    FrameworkInfo framework =
        FrameworkInfo.newBuilder()
            .setUser(user)
            .setName(shortName())
            .addRoles(role)
            .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.PARTITION_AWARE))
            .build();
    try (Cluster cluster = master.cluster()) {
      return new Run(
              cluster,
              framework,
              commandInfo(),
              new Want(scalars),
              instances,
              spec.commandLine().getErr())
          .go();
    }
  }

  private static void put(String option, double value, double least, Map<String, Double> scalars)
      throws CommandFailed {
    if (!(value >= least) || Double.isInfinite(value)) {
      throw usage(option + ": " + value + " (expected: at least " + least + ")");
    }
    scalars.put(option.substring(2), value);
  }

  private static CommandFailed usage(String problem) {
    return new CommandFailed(problem, ExitCode.USAGE);
  }

  private static FrameworkInfo.Capability capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type).build();
  }

  /** Without what may not be in a task's id. */
  private String shortName() {
    String given = name;
    if (given == null) {
      String program = command.getFirst().strip().split("\\s+", 2)[0];
      Path file = Path.of(program).getFileName();
      given = file == null ? program : file.toString();
    }
    String plain = given.replaceAll("[^A-Za-z0-9._-]", "");
    return plain.isEmpty() ? "run" : plain.substring(0, Math.min(plain.length(), 40));
  }

  private CommandInfo commandInfo() throws CommandFailed {
    CommandInfo.Builder info = CommandInfo.newBuilder();
    if (command.size() == 1) {
      info.setShell(true).setValue(command.getFirst());
    } else {
      info.setShell(false).setValue(command.getFirst()).addAllArguments(command);
    }
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      String variableName = equals < 0 ? variable : variable.substring(0, equals);
      String value = equals < 0 ? System.getenv(variable) : variable.substring(equals + 1);
      if (variableName.isEmpty() || value == null) {
        throw usage("--env: '" + variable + "' has no value here (expected: NAME=VALUE)");
      }
      info.getEnvironmentBuilder()
          .addVariables(Environment.Variable.newBuilder().setName(variableName).setValue(value));
    }
    return info.build();
  }
}
