package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentEvent;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.endpoints.RecordStreams;
import io.perigee.mesos.v1.executor.Event;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.protocol.wire.WireFormat;
import java.util.function.Consumer;

/**
 * What executors wait for: answers to their calls, and their streams of events. Safe for all
 * threads; nothing blocks.
 */
final class ExecutorStreams {
  private final PendingAnswers<AgentEvent> answers;
  private final RecordStreams streams;

  /**
   * @param events takes the end of a stream, always
   */
  ExecutorStreams(PendingAnswers<AgentEvent> answers, Consumer<AgentEvent> events) {
    this.answers = answers;
    this.streams = new RecordStreams(number -> events.accept(new AgentEvent.ExecutorGone(number)));
  }

  /** Remembers a SUBSCRIBE whose answer will be the stream of that number. */
  void expect(long number, WireFormat format, Responder responder) {
    streams.expect(number, format, Headers.EMPTY, responder);
  }

  /** Forgets such a request: it was answered otherwise. */
  void forget(long number) {
    streams.forget(number);
  }

  /** Answers a call, or a SUBSCRIBE instead of opening its stream. */
  void answer(long number, int status, String text) {
    Responder subscriber = streams.forget(number);
    if (subscriber == null) {
      answers.answer(number, status, text);
    } else {
      subscriber.respond(Response.text(status, text));
    }
  }

  void tell(long stream, Event event) {
    // JSON is about twice as long.
    streams.send(stream, () -> event, 2 * event.getSerializedSize());
  }

  void end(long stream) {
    streams.end(stream);
  }
}
