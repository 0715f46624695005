package io.perigee.common.option;

import org.jspecify.annotations.Nullable;

/**
 * One option of a daemon.
 *
 * @param name Mesos' flag spelling where Mesos has the flag: {@code work_dir}. The command line and
 *     files also take {@code work-dir}, the environment {@code MESOS_WORK_DIR}
 * @param group heading under which a help text shows it
 * @param defaultValue null if the option is unset by default
 * @param meaning one or two sentences, with unit and range where the type does not say them
 */
public record Option<T>(
    String name, OptionType<T> type, String group, @Nullable T defaultValue, String meaning) {

  /** As typed: {@code --work_dir}. */
  public String flag() {
    return "--" + name;
  }

  /** As configuration files write it: {@code work-dir}. */
  public String key() {
    return name.replace('_', '-');
  }

  /** The default as text, or null if there is none. */
  public @Nullable String defaultText() {
    return defaultValue == null ? null : type.printer().apply(defaultValue);
  }
}
