package io.perigee.agent.daemon;

import io.perigee.common.Problems;
import io.perigee.common.option.OptionValues;
import io.perigee.endpoints.Listening;
import io.perigee.net.Counters;
import io.perigee.net.tls.Tls;
import java.net.InetAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent listens, and how it speaks. Immutable.
 *
 * @param ip null if there is none
 * @param tls null if it listens without
 * @param clientTls null unless the master is reached over TLS
 */
record AgentSetup(
    @Nullable InetAddress ip, String hostname, @Nullable Tls tls, @Nullable Tls clientTls)
    implements AutoCloseable {

  /** Reads files and looks up names; changes nothing. */
  static AgentSetup read(OptionValues values, URI master, Counters counters, Problems problems) {
    InetAddress ip = Listening.address(values, AgentOptions.IP, problems);
    return new AgentSetup(
        ip,
        Listening.hostname(values, AgentOptions.HOSTNAME, ip, problems),
        Listening.tls(
            values,
            AgentOptions.TLS_CERT_FILE,
            AgentOptions.TLS_KEY_FILE,
            null,
            counters,
            problems),
        "https".equals(master.getScheme())
            ? Listening.clientTls(
                values,
                AgentOptions.TLS_CERT_FILE,
                AgentOptions.TLS_KEY_FILE,
                AgentOptions.TLS_CA_FILE,
                counters,
                problems)
            : null);
  }

  @Override
  public void close() {
    if (tls != null) {
      tls.close();
    }
    if (clientTls != null) {
      clientTls.close();
    }
  }
}
