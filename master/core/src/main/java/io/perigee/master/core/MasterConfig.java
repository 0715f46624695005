package io.perigee.master.core;

import io.perigee.master.core.allocation.AllocatorConfig;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the core must know of the master's configuration. Names and defaults are those of Mesos'
 * flags.
 *
 * @param masterId made anew at each start; ids of frameworks, agents and offers begin with it
 * @param seed of everything random: the order of agents in an allocation
 * @param agentPingTimeout an agent that says nothing for this long is pinged, and gets no offers
 *     until it answers (15 s)
 * @param maxAgentPingTimeouts pings in a row that may stay unanswered before the agent is
 *     unreachable (5)
 * @param agentReregisterTimeout a disconnected agent is unreachable after this long (10 min)
 * @param offerTimeout offers are taken back after this long; null means never
 * @param maxCompletedFrameworks remembered after they ended (50)
 * @param maxCompletedTasksPerFramework remembered after they ended (1000)
 * @param maxUnreachableTasksPerFramework remembered while their agent is away (1000)
 * @param rootSubmissions whether frameworks may run tasks as root (true)
 * @param roles the only roles that frameworks may have; null means any
 */
public record MasterConfig(
    String masterId,
    long seed,
    Duration agentPingTimeout,
    int maxAgentPingTimeouts,
    Duration agentReregisterTimeout,
    @Nullable Duration offerTimeout,
    int maxCompletedFrameworks,
    int maxCompletedTasksPerFramework,
    int maxUnreachableTasksPerFramework,
    boolean rootSubmissions,
    @Nullable Set<String> roles,
    AllocatorConfig allocator) {

  public static MasterConfig defaults(String masterId, long seed) {
    return new MasterConfig(
        masterId,
        seed,
        Duration.ofSeconds(15),
        5,
        Duration.ofMinutes(10),
        null,
        50,
        1000,
        1000,
        true,
        null,
        AllocatorConfig.defaults());
  }

  /** How long an agent may be silent before it is unreachable: 75 s by default. */
  public Duration silenceLimit() {
    return agentPingTimeout.multipliedBy(maxAgentPingTimeouts);
  }
}
