package io.perigee.agent.core;

import io.perigee.mesos.v1.AgentInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the core must know of the agent's configuration. Names and defaults are those of Mesos'
 * flags.
 *
 * @param info hostname, port, resources, attributes; without an id
 * @param ip where the agent's HTTP server listens, as told to executors and offered to frameworks
 * @param version of Mesos that it is compatible with
 * @param workDir absolute; sandboxes are below it
 * @param processId made anew in each start of the process
 * @param seed of everything random: waiting times, ids of containers and updates
 * @param executorEnvironment variables every executor gets, before all others
 * @param switchUser whether tasks run as their framework's user (true)
 * @param registrationBackoffFactor longest wait before the first try to register, doubled with each
 *     further one (1 s)
 * @param executorRegistrationTimeout time from the launch of an executor to its SUBSCRIBE (1 min)
 * @param executorShutdownGracePeriod time to end for executors, and for tasks whose framework is
 *     shut down (5 s)
 * @param maxCompletedFrameworks remembered after they ended (50)
 * @param maxCompletedExecutorsPerFramework remembered after they ended (150)
 */
public record AgentConfig(
    AgentInfo info,
    String ip,
    String version,
    List<AgentInfo.Capability> capabilities,
    String workDir,
    String processId,
    long seed,
    Map<String, String> executorEnvironment,
    boolean switchUser,
    Duration registrationBackoffFactor,
    Duration executorRegistrationTimeout,
    Duration executorShutdownGracePeriod,
    int maxCompletedFrameworks,
    int maxCompletedExecutorsPerFramework) {

  public static AgentConfig defaults(
      AgentInfo info, String ip, String workDir, String processId, long seed) {
    return new AgentConfig(
        info,
        ip,
        "1.11.0",
        List.of(),
        workDir,
        processId,
        seed,
        Map.of(),
        true,
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ofSeconds(5),
        50,
        150);
  }
}
