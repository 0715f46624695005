package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerEnd;
import io.perigee.agent.containers.ContainerId;
import java.util.Optional;

/** A line that the launcher sends. */
sealed interface LauncherEvent {
  /** The version of the protocol that this side speaks. */
  int VERSION = 1;

  /** The first line of all. */
  record Hello(int version) implements LauncherEvent {}

  /**
   * A container's program runs, just started or found running.
   *
   * @param pid as seen by the host
   * @param startTicks since boot; with the pid it names a process for good. 0: unknown
   */
  record Started(ContainerId id, long pid, long startTicks) implements LauncherEvent {}

  record Ended(ContainerId id, ContainerEnd end) implements LauncherEvent {}

  /** A request for this container was not carried out. */
  record Refused(ContainerId id, String text) implements LauncherEvent {}

  /** Empty if the line is none of these. */
  static Optional<LauncherEvent> parse(String line) {
    int space = line.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    String rest = line.substring(space + 1);
    try {
      return switch (line.substring(0, space)) {
        case "perigee-launcher" -> Optional.of(new Hello(Integer.parseInt(rest)));
        case "started", "attached" -> started(rest.split(" "));
        case "exited", "failed" ->
            RecordLine.parse(rest).map(record -> new Ended(record.id(), record.end()));
        case "refused" -> refused(rest.split(" ", 2));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<LauncherEvent> started(String[] words) {
    return words.length == 3
        ? Optional.of(
            new Started(
                new ContainerId(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])))
        : Optional.empty();
  }

  private static Optional<LauncherEvent> refused(String[] words) {
    return words.length == 2
        ? Optional.of(new Refused(new ContainerId(words[0]), words[1]))
        : Optional.empty();
  }
}
