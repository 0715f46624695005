package io.perigee.master.core.cluster;

import io.perigee.mesos.v1.AgentInfo;
import java.util.List;

/**
 * What an agent said of itself when it registered.
 *
 * @param info with its id set; resources as they were at registration
 * @param ip where its HTTP server listens
 * @param version of Mesos that it is compatible with
 */
public record AgentIdentity(
    AgentInfo info, String ip, String version, List<AgentInfo.Capability> capabilities) {

  public String id() {
    return info.getId().getValue();
  }

  public String hostname() {
    return info.getHostname();
  }

  public int port() {
    return info.getPort();
  }

  /** The libprocess address that Mesos' tools expect: {@code slave(1)@10.0.0.5:5051}. */
  public String pid() {
    return "slave(1)@" + ip + ":" + port();
  }
}
