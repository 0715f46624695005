package io.perigee.master.core;

import io.perigee.link.ExecutorExited;
import io.perigee.link.ExecutorMessage;
import io.perigee.link.ShutdownExecutor;
import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.Agent;
import io.perigee.master.core.cluster.Executor;
import io.perigee.master.core.cluster.Framework;
import io.perigee.mesos.v1.scheduler.Call;

/**
 * Executors that frameworks brought: their ends, and what they and their schedulers tell each
 * other. Those that agents make for tasks with a command are not known here. Source:
 * mesos/src/master/master.cpp, exitedExecutor, executorMessage, message, shutdown, removeExecutor.
 */
final class Executors {
  /** Of an executor of whose end nobody can tell anything. */
  private static final int STATUS_UNKNOWN = -1;

  private final Master master;
  private final TaskUpdates updates;

  Executors(Master master, TaskUpdates updates) {
    this.master = master;
    this.updates = updates;
  }

  /** An executor that its agent tells of: it holds its resources already. */
  void add(Executor executor) {
    master.allocator.hold(
        master.cluster.framework(executor).slot(),
        executor.role(),
        master.cluster.agent(executor).slot(),
        executor.resources());
    master.cluster.addExecutor(executor);
  }

  /** An executor is gone: its resources are free, and its framework hears of it if it is there. */
  void exited(Turn turn, Agent agent, ExecutorExited message) {
    master.counters.add("master/messages_exited_executor");
    Executor executor =
        agent.executor(message.getFrameworkId().getValue(), message.getExecutorId().getValue());
    if (executor != null) {
      end(executor);
      tell(turn, executor, message.getStatus());
    }
  }

  /** An agent does not know an executor: it never began, or its end was told in vain. */
  void vanished(Turn turn, Executor executor) {
    end(executor);
    tell(turn, executor, STATUS_UNKNOWN);
  }

  private void tell(Turn turn, Executor executor, int status) {
    turn.notify(
        master.cluster.framework(executor),
        new SchedulerNotice.Failure(executor.agentId(), executor.id(), status));
  }

  /** Forgets an executor, without a word. */
  void end(Executor executor) {
    master.allocator.release(
        master.cluster.framework(executor).slot(),
        executor.role(),
        master.cluster.agent(executor).slot(),
        executor.resources());
    master.cluster.removeExecutor(executor);
  }

  /** MESSAGE to an executor. Nobody promises that it arrives. */
  void message(Turn turn, Framework framework, Call.Message call) {
    master.counters.add("master/messages_framework_to_executor");
    Agent agent = master.cluster.agent(call.getAgentId().getValue());
    if (agent == null || !agent.isConnected()) {
      master.counters.add("master/invalid_framework_to_executor_messages");
      return;
    }
    master.counters.add("master/valid_framework_to_executor_messages");
    turn.tell(
        agent,
        ToAgent.newBuilder()
            .setExecutorMessage(
                ExecutorMessage.newBuilder()
                    .setFrameworkId(framework.info().getId())
                    .setExecutorId(call.getExecutorId())
                    .setData(call.getData())));
  }

  /** What an executor tells its scheduler: lost if that is not there. */
  void message(Turn turn, Agent agent, ExecutorMessage message) {
    master.counters.add("master/messages_executor_to_framework");
    Framework framework = master.cluster.framework(message.getFrameworkId().getValue());
    if (framework == null || !framework.isConnected()) {
      master.counters.add("master/invalid_executor_to_framework_messages");
      return;
    }
    master.counters.add("master/valid_executor_to_framework_messages");
    turn.notify(
        framework,
        new SchedulerNotice.ExecutorMessage(
            agent.id(), message.getExecutorId().getValue(), message.getData()));
  }

  /** SHUTDOWN of an executor. One that an agent made for a command ends with its task. */
  void shutdown(Turn turn, Framework framework, Call.Shutdown call) {
    Agent agent = master.cluster.agent(call.getAgentId().getValue());
    if (agent == null || agent.executor(framework.id(), call.getExecutorId().getValue()) == null) {
      updates.killCommand(turn, framework, call);
      return;
    }
    turn.tell(
        agent,
        ToAgent.newBuilder()
            .setShutdownExecutor(
                ShutdownExecutor.newBuilder()
                    .setFrameworkId(framework.info().getId())
                    .setExecutorId(call.getExecutorId())));
  }
}
