package io.perigee.common.option;

import io.perigee.common.NearestName;
import io.perigee.common.Problems;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All options of one program, in the order of its help text. Immutable. */
public final class OptionTable {
  /** The file that {@link #read} reads: a mapping in YAML whose keys are options of the table. */
  public static final Option<Path> CONFIG =
      new Option<>(
          "config",
          OptionType.PATH,
          "Configuration",
          null,
          "File in YAML that sets options, one on each line: work-dir: /var/lib/perigee.");

  private final Map<String, Option<?>> options = new LinkedHashMap<>();

  public OptionTable(List<Option<?>> options) {
    for (Option<?> option : options) {
      if (this.options.put(option.name(), option) != null) {
        throw new IllegalArgumentException("option " + option.name() + " is declared twice");
      }
    }
  }

  public Collection<Option<?>> options() {
    return List.copyOf(options.values());
  }

  /**
   * Looks an option up by either spelling, {@code work_dir} or {@code work-dir}; null if there is
   * none.
   */
  public @Nullable Option<?> find(String name) {
    return options.get(name.replace('-', '_'));
  }

  /**
   * Reads flags, environment and, if one of these names it by {@link #CONFIG}, a file. A flag wins
   * over the environment, that over the file, and all over the default.
   *
   * @param arguments {@code --name=value}, {@code --name value}, and {@code --name} or {@code
   *     --no-name} for a boolean
   * @param environment of which {@code MESOS_<NAME>} and {@code PERIGEE_<NAME>} are read, the
   *     latter first; unknown names are left alone, since other programs have variables of such
   *     names too
   * @param problems receives everything that is wrong, also with values that others replace; the
   *     values are usable only if nothing was added
   */
  public OptionValues read(
      List<String> arguments, Map<String, String> environment, Problems problems) {
    // Told after those of the file, which is less important and so comes first.
    Problems above = new Problems();
    OptionReadings aboveFile = new OptionReadings(above);
    readEnvironment(environment, aboveFile);
    readFlags(arguments, aboveFile, above);
    OptionReadings inFile = new OptionReadings(problems);
    OptionReadings.Reading config = aboveFile.all().get(CONFIG);
    if (config != null) {
      inFile.readFile(this, (Path) config.value());
    }
    above.texts().forEach(problems::add);
    Map<Option<?>, OptionReadings.Reading> all = new LinkedHashMap<>(inFile.all());
    all.putAll(aboveFile.all());
    return new OptionValues(this, all);
  }

  private void readEnvironment(Map<String, String> environment, OptionReadings to) {
    for (Option<?> option : options.values()) {
      String upper = option.name().toUpperCase(Locale.ROOT);
      // Mesos has no such option: what is called MESOS_CONFIG is somebody else's.
      List<String> variables =
          option.equals(CONFIG)
              ? List.of("PERIGEE_" + upper)
              : List.of("MESOS_" + upper, "PERIGEE_" + upper);
      for (String variable : variables) {
        String text = environment.get(variable);
        if (text != null) {
          to.put(option, text, OptionOrigin.environment(variable));
        }
      }
    }
  }

  private void readFlags(List<String> arguments, OptionReadings to, Problems problems) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--") || argument.equals("--")) {
        problems.add("'" + argument + "' is not an option (expected: --name=value)");
        continue;
      }
      int equals = argument.indexOf('=');
      String name = argument.substring(2, equals < 0 ? argument.length() : equals);
      String text = equals < 0 ? null : argument.substring(equals + 1);
      Option<?> option = find(name);
      if (option == null && text == null && name.startsWith("no-")) {
        option = find(name.substring(3));
        if (option != null && option.type().equals(OptionType.BOOLEAN)) {
          text = "false";
        } else {
          option = null;
        }
      }
      if (option == null) {
        problems.add(unknown(name));
        if (text == null && i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
          i++; // Its value, which would otherwise be reported as a second problem.
        }
        continue;
      }
      if (text == null) {
        boolean valueFollows =
            i + 1 < arguments.size()
                && !arguments.get(i + 1).startsWith("--")
                && (!option.type().equals(OptionType.BOOLEAN) || isBoolean(arguments.get(i + 1)));
        if (valueFollows) {
          text = arguments.get(++i);
        } else if (option.type().equals(OptionType.BOOLEAN)) {
          text = "true";
        } else {
          problems.add(
              option.flag() + " needs a value: " + option.flag() + "=" + option.type().word());
          continue;
        }
      }
      to.put(option, text, OptionOrigin.flag(option));
    }
  }

  private static boolean isBoolean(String text) {
    return text.equals("true") || text.equals("false");
  }

  private String unknown(String name) {
    String meant =
        NearestName.among(options.keySet(), name.replace('-', '_'))
            .map(nearest -> " (did you mean --" + nearest + "?)")
            .orElse(" (see --help)");
    return "unknown option --" + name + meant;
  }
}
