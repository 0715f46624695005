package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;

/** Instants as the old endpoints show them: seconds since the epoch. */
final class Times {
  private Times() {}

  static void write(String name, long nanos, JsonGenerator out) throws IOException {
    out.writeFieldName(name);
    MesosJson.writeNumber(nanos / 1e9, out);
  }
}
