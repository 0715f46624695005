package io.perigee.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;

/** The modules, each with its packages and the modules that it may use. */
@SuppressWarnings("ImmutableEnumChecker") // Both lists are.
enum Module {
  PROTOCOL(List.of("io.perigee.protocol", "io.perigee.mesos", "io.perigee.link")),
  COMMON(List.of("io.perigee.common")),
  MODEL(List.of("io.perigee.model"), PROTOCOL, COMMON),
  // May use protocol and common; needs neither by now.
  NET(List.of("io.perigee.net")),
  CLIENT(List.of("io.perigee.client"), NET, PROTOCOL, COMMON),
  ENDPOINTS(List.of("io.perigee.endpoints"), NET, MODEL, PROTOCOL, COMMON),
  MASTER_CORE(List.of("io.perigee.master.core"), MODEL, PROTOCOL, COMMON),
  MASTER_SERVER(
      List.of("io.perigee.master.server"), MASTER_CORE, ENDPOINTS, NET, MODEL, PROTOCOL, COMMON),
  AGENT_CORE(List.of("io.perigee.agent.core"), MODEL, PROTOCOL, COMMON),
  AGENT_CONTAINERS(List.of("io.perigee.agent.containers"), COMMON),
  AGENT_FETCHER(List.of("io.perigee.agent.fetcher"), NET, PROTOCOL, COMMON),
  AGENT_DAEMON(
      List.of("io.perigee.agent.daemon"),
      AGENT_CORE,
      AGENT_CONTAINERS,
      AGENT_FETCHER,
      ENDPOINTS,
      NET,
      MODEL,
      PROTOCOL,
      COMMON),
  /** The one that puts shells of several processes together; see {@link WallsTest}. */
  CLI_DAEMON(
      List.of("io.perigee.cli.daemon"), MASTER_SERVER, AGENT_DAEMON, CLIENT, NET, PROTOCOL, COMMON),
  // Of the endpoints it uses what tells the version.
  CLI(List.of("io.perigee.cli"), CLI_DAEMON, ENDPOINTS, CLIENT, NET, MODEL, PROTOCOL, COMMON),
  TESTKIT(List.of("io.perigee.testkit"), COMMON),
  SIMULATOR(
      List.of("io.perigee.simulator"), MASTER_CORE, AGENT_CORE, TESTKIT, MODEL, PROTOCOL, COMMON);

  private final List<String> packages;
  private final List<Module> mayUse;

  Module(List<String> packages, Module... mayUse) {
    this.packages = packages;
    this.mayUse = List.of(mayUse);
  }

  boolean mayUse(Module other) {
    return other == this || mayUse.contains(other);
  }

  boolean owns(JavaClass type) {
    return (type.getPackageName() + ".").startsWith("io.perigee.") && of(type) == this;
  }

  /**
   * The module of a class: that with the longest package that fits.
   *
   * @throws IllegalArgumentException if no module has its package
   */
  static Module of(JavaClass type) {
    Module found = null;
    int longest = 0;
    for (Module module : values()) {
      for (String name : module.packages) {
        if ((type.getPackageName() + ".").startsWith(name + ".") && name.length() > longest) {
          found = module;
          longest = name.length();
        }
      }
    }
    if (found == null) {
      throw new IllegalArgumentException(
          type.getName() + " is of no module; add its package to Module");
    }
    return found;
  }
}
