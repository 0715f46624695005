package io.perigee.agent.containers;

import java.util.regex.Pattern;

/**
 * Names a container on its agent, once and for all: it is never used again.
 *
 * @param value a file name of 1 to 255 letters, digits, {@code .}, {@code _} and {@code -}, the
 *     first one no dot
 */
public record ContainerId(String value) {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");

  public ContainerId {
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a container id (expected: 1 to 255 letters, digits, '.', '_', '-'): " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
