package io.perigee.cli.config;

import io.perigee.cli.ask.CommandFailed;
import io.perigee.cli.ask.Json;
import io.perigee.common.ExitCode;
import io.perigee.common.Problems;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionValues;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perigee config check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Tells whether a daemon could start with a file alone, without flags and environment. Looks"
          + " at what the file names, such as certificates; opens no port and makes nothing.",
      "Exits with 0 if all files are right, 1 if one is not, 2 if the command line is wrong."
    })
final class CheckCommand implements Callable<Integer> {
  private final Path directory;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--role",
      description =
          "Whose files these are: ${COMPLETION-CANDIDATES} (default: told by their names,"
              + " master.yml and agent.yml).")
  private @Nullable Role role;

  @Option(
      names = "--json",
      description = "An array of objects with file, role, ok, options and problems, for programs.")
  private boolean asJson;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "Files to check (default: those of /etc/perigee/master.yml and agent.yml that exist).")
  private List<Path> files = new ArrayList<>();

  /** For picocli. */
  CheckCommand() {
    this(Role.DIRECTORY);
  }

  /**
   * @param directory of the files that are checked if none are named
   */
  CheckCommand(Path directory) {
    this.directory = directory;
  }

  private record Verdict(Path file, Role role, int options, List<String> problems) {
    boolean isRight() {
      return problems.isEmpty();
    }
  }

  @Override
  public Integer call() throws CommandFailed {
    List<Verdict> verdicts = new ArrayList<>();
    for (Map.Entry<Path, Role> file : roles(files.isEmpty() ? installed() : files).entrySet()) {
      verdicts.add(check(file.getKey(), file.getValue()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      out.println(Json.pretty(verdicts.stream().map(CheckCommand::fields).toList()));
    } else {
      verdicts.forEach(verdict -> print(verdict, out));
    }
    out.flush();
    return verdicts.stream().allMatch(Verdict::isRight) ? 0 : ExitCode.FAILED;
  }

  private List<Path> installed() throws CommandFailed {
    List<Path> known =
        Arrays.stream(Role.values())
            .filter(each -> role == null || role == each)
            .map(each -> directory.resolve(each.fileName()))
            .toList();
    List<Path> found = known.stream().filter(Files::exists).toList();
    if (found.isEmpty()) {
      throw new CommandFailed(
          "nothing to check: there is no "
              + String.join(" and no ", known.stream().map(Path::toString).toList()));
    }
    return found;
  }

  private Map<Path, Role> roles(List<Path> of) throws CommandFailed {
    Map<Path, Role> roles = new LinkedHashMap<>();
    for (Path file : of) {
      Role its = role == null ? Role.of(file).orElse(null) : role;
      if (its == null) {
        throw new CommandFailed(
            file
                + ": its name does not tell whose it is (expected: master.yml, agent.yml or --role)",
            ExitCode.USAGE);
      }
      roles.put(file, its);
    }
    return roles;
  }

  private static Verdict check(Path file, Role role) {
    Problems problems = new Problems();
    OptionTable table = role.daemon().table();
    OptionValues values =
        table.read(List.of(OptionTable.CONFIG.flag() + "=" + file), Map.of(), problems);
    role.daemon().checker().check(values, problems);
    long options =
        table.options().stream()
            .filter(option -> !option.equals(OptionTable.CONFIG) && values.isGiven(option))
            .count();
    return new Verdict(file, role, (int) options, problems.texts());
  }

  private static void print(Verdict verdict, PrintWriter out) {
    int count = verdict.problems().size();
    out.println(
        verdict.file()
            + (verdict.isRight()
                ? ": ok (" + counted(verdict.options(), "option") + " set)"
                : ": " + counted(count, "problem")));
    verdict.problems().forEach(problem -> out.println("  " + problem));
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static Map<String, Object> fields(Verdict verdict) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", verdict.file().toString());
    fields.put("role", verdict.role().name());
    fields.put("ok", verdict.isRight());
    fields.put("options", verdict.options());
    fields.put("problems", verdict.problems());
    return fields;
  }
}
