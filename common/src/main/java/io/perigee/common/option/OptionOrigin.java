package io.perigee.common.option;

/**
 * Where the value of an option comes from.
 *
 * @param place as whoever set it finds it again: {@code /etc/perigee/master.yml:3}, {@code
 *     PERIGEE_PORT} or {@code --port}; empty for a default
 */
public record OptionOrigin(Kind kind, String place) {
  /** In the order in which one replaces another: the last one wins. */
  public enum Kind {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    FLAG
  }

  static final OptionOrigin DEFAULT = new OptionOrigin(Kind.DEFAULT, "");

  static OptionOrigin file(String place) {
    return new OptionOrigin(Kind.FILE, place);
  }

  static OptionOrigin environment(String variable) {
    return new OptionOrigin(Kind.ENVIRONMENT, variable);
  }

  static OptionOrigin flag(Option<?> option) {
    return new OptionOrigin(Kind.FLAG, option.flag());
  }

  /** How a message begins that is about an option of this origin. */
  String named(Option<?> option) {
    return switch (kind) {
      case FILE -> place + ": " + option.key();
      case ENVIRONMENT, FLAG -> place;
      case DEFAULT -> option.flag();
    };
  }
}
