package io.perigee.cli.config;

import io.perigee.cli.ask.Json;
import io.perigee.cli.show.Table;
import io.perigee.common.ExitCode;
import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionOrigin;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionValues;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perigee config show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows each option of a daemon, its value and where that comes from: a flag, the environment"
          + " of this command, a line of the file, or the default.",
      "What is wrong goes to stderr, and the exit code is 1 then."
    })
final class ShowCommand implements Callable<Integer> {
  private final Path directory;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @CommandLine.Option(
      names = "--role",
      required = true,
      description = "Which daemon: ${COMPLETION-CANDIDATES}.")
  private Role role = Role.master;

  @CommandLine.Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Its file (default: what flags or $PERIGEE_CONFIG name, else that of /etc/perigee if it"
              + " exists).")
  private @Nullable Path config;

  @CommandLine.Option(
      names = "--json",
      description = "An array of objects with name, value, source and place, for programs.")
  private boolean asJson;

  @Parameters(
      arity = "0..*",
      paramLabel = "FLAG",
      description = "Flags of the daemon, behind --: show --role=master -- --port=5060")
  private List<String> flags = new ArrayList<>();

  /** For picocli. */
  ShowCommand() {
    this(Role.DIRECTORY, System.getenv());
  }

  /**
   * @param directory of the file that is shown if none is named
   */
  ShowCommand(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Problems problems = new Problems();
    OptionTable table = role.daemon().table();
    OptionValues values = read(table, problems);
    PrintWriter out = spec.commandLine().getOut();
    if (asJson) {
      List<Map<String, Object>> all = new ArrayList<>();
      table.options().forEach(option -> all.add(fields(option, values)));
      out.println(Json.pretty(all));
    } else {
      Table rows = new Table("OPTION", "VALUE", "FROM");
      for (Option<?> option : table.options()) {
        String text = values.text(option);
        OptionOrigin origin = values.origin(option);
        rows.row(
            option.key(),
            text == null ? "" : oneLine(text),
            origin.place().isEmpty() ? "default" : origin.place());
      }
      out.print(rows);
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    problems.texts().forEach(problem -> err.println("perigee: " + problem));
    err.flush();
    return problems.isEmpty() ? 0 : ExitCode.FAILED;
  }

  private OptionValues read(OptionTable table, Problems problems) {
    List<String> all = new ArrayList<>();
    Path installed = directory.resolve(role.fileName());
    if (config != null) {
      all.add(OptionTable.CONFIG.flag() + "=" + config);
    } else if (!namesFile(table) && Files.exists(installed)) {
      all.add(OptionTable.CONFIG.flag() + "=" + installed);
    }
    all.addAll(flags);
    return table.read(all, environment, problems);
  }

  private boolean namesFile(OptionTable table) {
    Problems toldLater = new Problems();
    return table.read(flags, environment, toldLater).isGiven(OptionTable.CONFIG);
  }

  private static String oneLine(String text) {
    return text.replace("\n", "\\n");
  }

  /** Without a value if the option has none. */
  private static Map<String, Object> fields(Option<?> option, OptionValues values) {
    Map<String, Object> fields = new LinkedHashMap<>();
    OptionOrigin origin = values.origin(option);
    fields.put("name", option.key());
    String text = values.text(option);
    if (text != null) {
      fields.put("value", text);
    }
    fields.put("source", origin.kind().name().toLowerCase(Locale.ROOT));
    fields.put("place", origin.place());
    return fields;
  }
}
