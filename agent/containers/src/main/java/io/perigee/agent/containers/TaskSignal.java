package io.perigee.agent.containers;

/** Signals that a runtime hands on to all processes of a container, with Linux' numbers. */
public enum TaskSignal {
  HUP(1),
  INT(2),
  QUIT(3),
  ABRT(6),
  USR1(10),
  USR2(12),
  TERM(15);

  private final int number;

  TaskSignal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
