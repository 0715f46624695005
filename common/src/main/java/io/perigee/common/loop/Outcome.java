package io.perigee.common.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * What one decision led to, in the order in which it was decided. Filled by a core, emptied by
 * whoever runs it.
 */
public final class Outcome<R, C> {
  private final List<R> records = new ArrayList<>();
  private final List<C> commands = new ArrayList<>();

  /** Adds a change that must survive a restart. The core has applied it already. */
  public void record(R record) {
    records.add(record);
  }

  /** Adds something for the shell to do once all records so far are durable. */
  public void command(C command) {
    commands.add(command);
  }

  public List<R> records() {
    return records;
  }

  public List<C> commands() {
    return commands;
  }

  /** Forgets everything, for the next decision. */
  public void clear() {
    records.clear();
    commands.clear();
  }
}
