package io.perigee.model;

import io.perigee.mesos.v1.Labels;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a resource's reservation stack.
 *
 * @param role never {@code *}
 * @param principal who reserved; null if unknown
 * @param labels null if there are none
 */
public record Reservation(
    Type type, String role, @Nullable String principal, @Nullable Labels labels) {

  /**
   * How the reservation was made: by the agent's {@code --resources}, or by a RESERVE operation.
   */
  public enum Type {
    STATIC,
    DYNAMIC
  }

  public Reservation {
    Objects.requireNonNull(role);
  }

  public static Reservation fixed(String role) {
    return new Reservation(Type.STATIC, role, null, null);
  }

  /** As in Mesos' messages: {@code (DYNAMIC,role,principal,{key: value})}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(").append(type).append(',').append(role);
    if (principal != null) {
      text.append(',').append(principal);
    }
    if (labels != null) {
      text.append(
          labels.getLabelsList().stream()
              .map(l -> l.hasValue() ? l.getKey() + ": " + l.getValue() : l.getKey())
              .collect(Collectors.joining(", ", ",{", "}")));
    }
    return text.append(')').toString();
  }
}
