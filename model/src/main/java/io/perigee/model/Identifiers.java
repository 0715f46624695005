package io.perigee.model;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Rules for ids that clients choose: of tasks, executors, frameworks. Source:
 * mesos/src/common/validation.cpp.
 */
public final class Identifiers {
  /** Ids become file names, whose length file systems bound so. */
  private static final int MOST_BYTES = 255;

  private Identifiers() {}

  /** What is wrong with an id, in Mesos' words; empty if it is valid. */
  public static Optional<String> problem(String id) {
    if (id.isEmpty()) {
      return Optional.of("ID must not be empty");
    }
    if (id.length() > MOST_BYTES || id.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return Optional.of("ID must not be greater than " + MOST_BYTES + " characters");
    }
    if (id.equals(".") || id.equals("..")) {
      return Optional.of("'" + id + "' is disallowed");
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < 0x20 || c == 0x7f || c == '/' || c == '\\') {
        return Optional.of("'" + id + "' contains invalid characters");
      }
    }
    return Optional.empty();
  }
}
