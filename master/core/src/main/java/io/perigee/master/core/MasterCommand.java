package io.perigee.master.core;

import io.perigee.link.ToAgent;
import io.perigee.master.core.cluster.ClusterSnapshot;

/** What the shell has to do. Numbers of streams, links and requests are those of the events. */
public sealed interface MasterCommand {

  /**
   * Answers a call.
   *
   * @param status HTTP status
   * @param text body of an error; empty for 202
   */
  record Answer(long request, int status, String text) implements MasterCommand {}

  /** Sends an event to a framework; the first one on a stream also opens it. */
  record Notify(long stream, SchedulerNotice notice) implements MasterCommand {}

  /** Ends a stream after what was sent on it. */
  record EndStream(long stream) implements MasterCommand {}

  /** Sends a message to an agent. */
  record Tell(long link, ToAgent message) implements MasterCommand {}

  /** Ends a link after what was sent on it. */
  record EndLink(long link, String reason) implements MasterCommand {}

  /** Hands the state to whoever asked for it. */
  record Deliver(long request, ClusterSnapshot snapshot) implements MasterCommand {}

  /**
   * Opens a subscription to the operator API's events: with the state as it is, then with all that
   * is published after it.
   */
  record OpenOperatorStream(long stream, ClusterSnapshot snapshot) implements MasterCommand {}

  /** Sends an event to all subscriptions of operators; the core does not know if there are any. */
  record Publish(OperatorNotice notice) implements MasterCommand {}

  /** Something an operator may want to read in the log. */
  record Log(String text) implements MasterCommand {}
}
