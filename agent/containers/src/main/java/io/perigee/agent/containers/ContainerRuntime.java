package io.perigee.agent.containers;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Runs containers. Any thread may call it, also from within a callback; no method but {@link
 * #close} and {@link #statistics} waits for anything. What happens is told to the {@link
 * ContainerListener} that the runtime was made with.
 */
public interface ContainerRuntime extends AutoCloseable {

  /**
   * Starts a container. Whatever is wrong with it, or on this machine, comes back as {@link
   * ContainerListener#launchFailed}.
   *
   * @throws IllegalArgumentException if the runtime knows a container of this id
   */
  void launch(ContainerSpec spec);

  /**
   * Takes up a container that an earlier agent launched: tells {@link ContainerListener#started} if
   * it runs, and its end when it ends or if it has ended already. A container of which nothing is
   * left comes back as {@link ExitStatus.Lost}, or as launch failure if it never started. The bound
   * on containers does not hold here: they exist already.
   *
   * @param folder as in its {@link ContainerSpec}
   * @throws IllegalArgumentException if the runtime knows a container of this id
   */
  void reattach(ContainerId id, Path folder);

  /**
   * Sends a signal to all processes of a container. A signal can arrive twice when the launcher was
   * restarted in between.
   *
   * @return false if there is no such container (any more), or too many requests wait
   */
  boolean signal(ContainerId id, TaskSignal signal);

  /**
   * Kills all processes of a container at once.
   *
   * @return as {@link #signal}
   */
  boolean kill(ContainerId id);

  /**
   * Gives a container other limits; before its start is told, they hold from then on. A limit of
   * memory is only ever raised, as by Mesos: lowering it could kill what is within its resources. 0
   * leaves a limit as it is. Without such a container, or without cgroups, nothing happens.
   */
  void resize(ContainerId id, ResourceLimits limits);

  /** The containers whose end was not told yet. */
  Set<ContainerId> containers();

  /**
   * Reads a few small files of the kernel. Empty if there is no such container, or nothing of it
   * runs.
   */
  Optional<ContainerStatistics> statistics(ContainerId id);

  RuntimeDescription describe();

  /**
   * Ends the runtime. Containers that are to die with the agent are killed, the others go on if
   * {@link RuntimeDescription#survivesAgent}. Nothing is told any more.
   */
  @Override
  void close();
}
