package io.perigee.agent.core;

import io.perigee.link.Register;
import io.perigee.link.Registered;
import io.perigee.link.ToMaster;
import io.perigee.link.Unregister;
import io.perigee.mesos.v1.FrameworkInfo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When the agent talks to the master, and how it begins. Source: mesos/src/slave/slave.cpp,
 * doReliableRegistration; waiting times as described in mesos/docs/configuration/agent.md.
 */
final class Connection {
  private static final long LONGEST_BACKOFF_NANOS = Duration.ofMinutes(1).toNanos();

  /** Until the master tells its own limit: its default of 15 s x 5. */
  private static final long FIRST_SILENCE_LIMIT_NANOS = Duration.ofSeconds(75).toNanos();

  private final Agent agent;

  private long backoffNanos;
  private long heardNanos;
  private long silenceLimitNanos = FIRST_SILENCE_LIMIT_NANOS;

  Connection(Agent agent) {
    this.agent = agent;
    resetBackoff();
  }

  private void resetBackoff() {
    backoffNanos = Math.max(1, agent.config.registrationBackoffFactor().toNanos());
  }

  /** At once: only those that lose a master together must not come back together. */
  void start(Turn turn) {
    turn.command(new AgentCommand.OpenLink());
  }

  void connectDue(Turn turn) {
    turn.command(new AgentCommand.OpenLink());
  }

  void failed(Turn turn) {
    connectLater(turn);
  }

  private void connectLater(Turn turn) {
    if (!agent.isStopping) {
      agent.timers.set(
          new Timer.Connect(), turn.nowNanos() + agent.random.nextLong(backoffNanos) + 1);
      backoffNanos = Math.min(2 * backoffNanos, LONGEST_BACKOFF_NANOS);
    }
  }

  void opened(Turn turn, long newLink) {
    agent.link = newLink;
    heard(turn, newLink);
    agent.timers.set(new Timer.MasterSilence(), turn.nowNanos() + silenceLimitNanos);
    turn.tell(newLink, ToMaster.newBuilder().setRegister(registration()));
  }

  private Register.Builder registration() {
    Register.Builder register =
        Register.newBuilder()
            .setAgentInfo(agent.info())
            .setIp(agent.config.ip())
            .setVersion(agent.config.version())
            .addAllCapabilities(agent.config.capabilities())
            .setProcessId(agent.config.processId());
    if (agent.id.isEmpty()) {
      return register;
    }
    Map<String, FrameworkInfo> frameworks = new LinkedHashMap<>();
    for (FrameworkRun framework : agent.frameworks.values()) {
      if (framework.isTerminating) {
        continue; // The master has forgotten it, and must not take it up again.
      }
      for (ExecutorRun executor : framework.executors.values()) {
        executor.tasks.values().forEach(task -> register.addTasks(Snapshots.describe(agent, task)));
        if (executor.kind != AgentSnapshot.ExecutorKind.COMMAND && !executor.isOver()) {
          register.addExecutors(executor.info);
        }
        frameworks.put(framework.id(), framework.info);
      }
    }
    return register.addAllFrameworks(frameworks.values());
  }

  /** Whether a message is of the link that counts; the end of an old one may come late. */
  boolean isCurrent(long someLink) {
    return someLink == agent.link;
  }

  void heard(Turn turn, long someLink) {
    if (isCurrent(someLink)) {
      heardNanos = turn.nowNanos();
    }
  }

  void registered(Turn turn, Registered message) {
    agent.id = message.getAgentId().getValue();
    agent.registeredLink = agent.link;
    silenceLimitNanos = message.getSilenceLimitNanos();
    agent.timers.set(new Timer.MasterSilence(), turn.nowNanos() + silenceLimitNanos);
    resetBackoff();
    agent.updates.resume(turn, agent.link);
    turn.log("registered as " + agent.id);
  }

  /**
   * A master that says nothing any more is left, in the hope for another or a better connection.
   */
  void silenceDue(Turn turn) {
    long end = heardNanos + silenceLimitNanos;
    if (agent.link == 0) {
      return;
    }
    if (end > turn.nowNanos()) {
      agent.timers.set(new Timer.MasterSilence(), end);
    } else {
      long silent = agent.link;
      closed(turn, silent);
      turn.command(new AgentCommand.CloseLink(silent, "the master is silent"));
    }
  }

  void closed(Turn turn, long someLink) {
    if (!isCurrent(someLink)) {
      return;
    }
    agent.link = 0;
    agent.registeredLink = 0;
    agent.timers.cancel(new Timer.MasterSilence());
    agent.updates.pause();
    connectLater(turn);
    turn.log("the link to the master is closed");
  }

  /** Says good bye in good order. */
  void leave(Turn turn) {
    if (agent.registeredLink != 0) {
      turn.tell(
          agent.registeredLink,
          ToMaster.newBuilder().setUnregister(Unregister.getDefaultInstance()));
    }
    if (agent.link != 0) {
      turn.command(new AgentCommand.CloseLink(agent.link, "the agent ends"));
    }
  }
}
