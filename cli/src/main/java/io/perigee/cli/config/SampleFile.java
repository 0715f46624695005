package io.perigee.cli.config;

import io.perigee.common.option.Option;
import io.perigee.common.option.OptionTable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A commented file made of a daemon's table of options, which thus stays the only truth. Lines that
 * begin with {@code #} and a letter are options to be taken in by removing the {@code #}; what is
 * for people begins with {@code #} and a space.
 */
final class SampleFile {
  private static final int WIDTH = 100;

  /** What YAML takes for a text as it stands; all else is quoted. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./|-]*(:[^ :]+)*");

  private SampleFile() {}

  static String of(Role role) {
    StringBuilder file = new StringBuilder();
    paragraph(
        file,
        "Configuration of a perigee %s, in YAML. Every option is here with its default; take one in by removing the # in front of its name."
            .formatted(role));
    paragraph(
        file,
        "Flags (--port=1) win over variables of the environment (PERIGEE_PORT), these over this file. 'perigee config check' tells what is wrong in it, 'perigee config show --role=%s' which value comes from where. The %1$s reads it when it starts."
            .formatted(role));
    String group = "";
    for (Option<?> option : role.daemon().table().options()) {
      if (option.equals(OptionTable.CONFIG)) {
        continue;
      }
      if (!option.group().equals(group)) {
        group = option.group();
        file.append("\n\n# ---- ").append(group).append(" ----\n");
      }
      file.append('\n');
      String form = option.type().word() + (option.type().takesMapping() ? ", or a mapping" : "");
      paragraph(file, option.meaning() + " (" + form + ")");
      file.append('#').append(option.key()).append(':').append(value(option.defaultText()));
      file.append('\n');
    }
    return file.toString();
  }

  private static String value(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return PLAIN.matcher(text).matches() ? " " + text : " '" + text.replace("'", "''") + "'";
  }

  private static void paragraph(StringBuilder file, String text) {
    StringBuilder line = new StringBuilder("#");
    for (String word : text.split(" ")) {
      if (line.length() + 1 + word.length() > WIDTH) {
        file.append(line).append('\n');
        line.setLength(1);
      }
      line.append(' ').append(word);
    }
    file.append(line).append('\n');
  }
}
