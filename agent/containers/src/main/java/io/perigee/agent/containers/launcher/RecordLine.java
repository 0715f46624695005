package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerEnd.ExitRecord;
import io.perigee.agent.containers.ContainerEnd.LaunchFailure;
import io.perigee.agent.containers.ContainerEnd.Usage;
import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ExitStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A container's end as the launcher writes it, the content of the file {@code exit} and the rest of
 * an event: words {@code key=value}, of which {@code text=} takes the rest of the line. Keys that
 * are not known here are left alone: the launcher may be newer.
 */
record RecordLine(ContainerId id, ContainerEnd end) {
  private static final String VERSION = "1";

  /** Empty if this is no such line. */
  static Optional<RecordLine> parse(String line) {
    Map<String, String> fields = fields(line);
    try {
      if (!VERSION.equals(fields.get("v"))) {
        return Optional.empty();
      }
      ContainerId id = new ContainerId(text(fields, "id"));
      return Optional.of(new RecordLine(id, end(fields)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new HashMap<>();
    String words = line;
    int text = line.indexOf(" text=");
    if (text >= 0) {
      fields.put("text", line.substring(text + " text=".length()));
      words = line.substring(0, text);
    }
    for (String word : words.split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        fields.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return fields;
  }

  private static ContainerEnd end(Map<String, String> fields) {
    String outcome = text(fields, "outcome");
    return switch (outcome) {
      case "exited" -> record(new ExitStatus.Exited((int) number(fields, "code")), fields);
      case "signaled" ->
          record(
              new ExitStatus.Signaled((int) number(fields, "signal"), number(fields, "core") == 1),
              fields);
      case "lost" -> record(new ExitStatus.Lost(text(fields, "text")), fields);
      case "failed" -> new LaunchFailure(text(fields, "stage"), text(fields, "text"));
      default -> throw new IllegalArgumentException("not an outcome: " + outcome);
    };
  }

  private static ExitRecord record(ExitStatus status, Map<String, String> fields) {
    return new ExitRecord(
        status,
        true,
        number(fields, "oom") == 1,
        new Usage(
            number(fields, "user_us") * 1000,
            number(fields, "system_us") * 1000,
            number(fields, "max_rss_bytes"),
            number(fields, "started_ns"),
            number(fields, "ended_ns")),
        (int) number(fields, "left_processes"),
        (int) number(fields, "left_cgroups"));
  }

  private static String text(Map<String, String> fields, String key) {
    String value = fields.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }

  private static long number(Map<String, String> fields, String key) {
    return Long.parseLong(text(fields, key));
  }
}
