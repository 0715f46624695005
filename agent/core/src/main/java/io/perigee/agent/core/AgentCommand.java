package io.perigee.agent.core;

import io.perigee.link.ToMaster;
import io.perigee.mesos.v1.CommandInfo;
import io.perigee.mesos.v1.executor.Event;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the shell has to do. Numbers of links, streams and requests are those of the events. */
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
   * @param uris to be fetched into the sandbox first
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
      long memBytes,
      List<CommandInfo.URI> uris)
      implements AgentCommand {}

  /** Gives a container that runs other limits: its executor got a task, or lost one. */
  record ResizeContainer(String containerId, long cpusThousandths, long memBytes)
      implements AgentCommand {}

  /** Asks every process of a container to end (SIGTERM). */
  record TerminateContainer(String containerId) implements AgentCommand {}

  /** Ends every process of a container (SIGKILL). */
  record KillContainer(String containerId) implements AgentCommand {}

  /**
   * Answers a call of an executor, or its SUBSCRIBE instead of opening the stream.
   *
   * @param number of the request or the stream
   * @param status HTTP status
   * @param text body of an error; empty for 202
   */
  record AnswerExecutor(long number, int status, String text) implements AgentCommand {}

  /** Sends an event to an executor; the first one on a stream also opens it. */
  record TellExecutor(long stream, Event event) implements AgentCommand {}

  /** Ends an executor's stream after what was sent on it. */
  record EndExecutorStream(long stream) implements AgentCommand {}

  /** Hands the state to whoever asked for it. */
  record Deliver(long request, AgentSnapshot snapshot) implements AgentCommand {}

  /** Everything is done: the process may end. */
  record Stop(String reason) implements AgentCommand {}

  /** Something an operator may want to read in the log. */
  record Log(String text) implements AgentCommand {}
}
