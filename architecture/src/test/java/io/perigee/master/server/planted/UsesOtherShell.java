package io.perigee.master.server.planted;

import io.perigee.agent.daemon.AgentProcess;
import io.perigee.simulator.SimulatorMain;

/** A shell that uses another process' shell and what is for tests alone. */
public final class UsesOtherShell {
  private UsesOtherShell() {}

  public static Object shell(AgentProcess agent) {
    return agent.uri();
  }

  public static void simulate(String... arguments) {
    SimulatorMain.main(arguments);
  }
}
