package io.perigee.endtoend.clients;

import io.perigee.endtoend.PerigeeProcess;
import java.util.List;

/** {@code perigee local} with two agents on any free ports. */
final class LocalPerigee implements AutoCloseable {
  private final PerigeeProcess process =
      PerigeeProcess.start(List.of("local", "--port", "0", "--agents", "2"));

  /** Host and port of the master, once all agents are there. */
  String master() {
    return process
        .awaitLine(line -> line.startsWith("Perigee runs: http://"))
        .replaceAll("^Perigee runs: http://(\\S+).*", "$1");
  }

  @Override
  public void close() {
    process.close();
  }
}
