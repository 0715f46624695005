package io.perigee.cli.run;

import io.perigee.cli.ask.Cluster;
import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.MasterOption;
import io.perigee.common.ExitCode;
import io.perigee.common.Problems;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.Environment;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.model.Roles;
import java.math.BigDecimal;
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
  /** Of anything: what is asked for beyond this is a slip. */
  private static final double MOST = 1e9;

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
    Problems problems = new Problems();
    check("--cpus", cpus, 0.01, problems);
    check("--mem", mem, 1, problems);
    check("--disk", disk, 0, problems);
    check("--instances", instances, 1, problems);
    Roles.problem(role).ifPresent(problem -> problems.add("--role: " + problem));
    CommandInfo info = commandInfo(problems);
    if (!problems.isEmpty()) {
      throw new CommandFailed(String.join("; ", problems.texts()), ExitCode.USAGE);
    }
    Map<String, Double> scalars = new LinkedHashMap<>(Map.of("cpus", cpus, "mem", mem));
    if (disk > 0) {
      scalars.put("disk", disk);
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
              cluster, framework, info, new Want(scalars), instances, spec.commandLine().getErr())
          .go();
    }
  }

  private static void check(String option, double value, double least, Problems problems) {
    if (!(value >= least && value <= MOST)) {
      problems.add(
          "%s: %s (expected: %s to %s)".formatted(option, text(value), text(least), text(MOST)));
    }
  }

  private static String text(double value) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : Double.toString(value);
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

  private CommandInfo commandInfo(Problems problems) {
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
        problems.add("--env: '" + variable + "' has no value here (expected: NAME=VALUE)");
        continue;
      }
      info.getEnvironmentBuilder()
          .addVariables(Environment.Variable.newBuilder().setName(variableName).setValue(value));
    }
    return info.build();
  }
}
