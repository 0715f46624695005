package io.perigee.master.server;

import com.google.protobuf.UnknownFieldSet;
import io.perigee.endpoints.Build;
import io.perigee.mesos.v1.Address;
import io.perigee.mesos.v1.MasterInfo;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who this master is.
 *
 * @param id a random UUID, made at each start
 * @param cluster name for people, or null
 * @param startSeconds since the epoch; a lone master is elected when it starts
 */
record MasterIdentity(
    String id,
    InetAddress ip,
    int port,
    String hostname,
    @Nullable String cluster,
    double startSeconds) {

  /** A capability that Mesos has and its v1 interface has no name for: {@code {}} in JSON. */
  private static final MasterInfo.Capability QUOTA_V2 =
      MasterInfo.Capability.newBuilder()
          .setUnknownFields(
              UnknownFieldSet.newBuilder()
                  .addField(1, UnknownFieldSet.Field.newBuilder().addVarint(3).build())
                  .build())
          .build();

  /** {@code master@10.0.0.5:5050}. */
  String pid() {
    return "master@" + ip.getHostAddress() + ":" + port;
  }

  MasterInfo info() {
    return MasterInfo.newBuilder()
        .setId(id)
        .setIp(littleEndian(ip))
        .setPort(port)
        .setPid(pid())
        .setHostname(hostname)
        .setVersion(Build.MESOS_VERSION)
        .setAddress(
            Address.newBuilder().setHostname(hostname).setIp(ip.getHostAddress()).setPort(port))
        .addCapabilities(capability(MasterInfo.Capability.Type.AGENT_UPDATE))
        .addCapabilities(capability(MasterInfo.Capability.Type.AGENT_DRAINING))
        .addCapabilities(QUOTA_V2)
        .build();
  }

  private static MasterInfo.Capability capability(MasterInfo.Capability.Type type) {
    return MasterInfo.Capability.newBuilder().setType(type).build();
  }

  /** The address in network byte order, read as a number by a little-endian machine; 0 for IPv6. */
  static int littleEndian(InetAddress ip) {
    if (!(ip instanceof Inet4Address)) {
      return 0;
    }
    byte[] b = ip.getAddress();
    return (b[0] & 0xFF) | (b[1] & 0xFF) << 8 | (b[2] & 0xFF) << 16 | (b[3] & 0xFF) << 24;
  }
}
