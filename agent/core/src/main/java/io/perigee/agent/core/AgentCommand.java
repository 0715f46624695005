package io.perigee.agent.core;

import io.perigee.link.ToMaster;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the shell has to do. Numbers of links and requests are those of the events. */
public sealed interface AgentCommand {

  /** Connects to the leading master, and answers with LinkOpened or LinkFailed. */
  record OpenLink() implements AgentCommand {}

  /** Ends a link after what was sent on it. */
  record CloseLink(long link, String reason) implements AgentCommand {}

  /** Sends a message to the master. */
  record Tell(long link, ToMaster message) implements AgentCommand {}

  /**
   * Makes the sandbox and starts the command in it; answers with ContainerStarted and then
   * ContainerExited, or with ContainerFailed.
   *
   * @param sandbox absolute path of the directory to make, with all above it
   * @param latestLink symbolic link that is to point to the sandbox
   * @param executable searched in PATH if it has no slash; null: the first of {@code argv}
   * @param environment the whole of it, in order
   * @param user null: the agent's own
   * @param cpusThousandths for its share of the processor
   * @param memBytes its memory limit
   */
  record LaunchContainer(
      String containerId,
      String sandbox,
      String latestLink,
      @Nullable String executable,
      List<String> argv,
      Map<String, String> environment,
      @Nullable String user,
      long cpusThousandths,
      long memBytes)
      implements AgentCommand {}

  /** Asks every process of a container to end (SIGTERM). */
  record TerminateContainer(String containerId) implements AgentCommand {}

  /** Ends every process of a container (SIGKILL). */
  record KillContainer(String containerId) implements AgentCommand {}

  /** Hands the state to whoever asked for it. */
  record Deliver(long request, AgentSnapshot snapshot) implements AgentCommand {}

  /** Everything is done: the process may end. */
  record Stop(String reason) implements AgentCommand {}

  /** Something an operator may want to read in the log. */
  record Log(String text) implements AgentCommand {}
}
