package io.perigee.agent.daemon;

import io.perigee.agent.core.AgentEvent;
import io.perigee.agent.core.ExecutorCallValidator;
import io.perigee.endpoints.AnswerFormat;
import io.perigee.endpoints.Bodies;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import io.perigee.protocol.wire.WireFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * {@code POST /api/v1/executor}: reads calls, hands them to the core, which knows executors and
 * answers. Checks come in the order of Http::executor in mesos/src/slave/http.cpp.
 */
final class ExecutorApi {
  private final Predicate<AgentEvent> events;
  private final ExecutorStreams streams;
  private final PendingAnswers<AgentEvent> answers;
  private final AtomicLong numbers;

  /**
   * @param events takes an event, or says false if it cannot now
   * @param numbers gives streams and requests their numbers
   */
  ExecutorApi(
      Predicate<AgentEvent> events,
      ExecutorStreams streams,
      PendingAnswers<AgentEvent> answers,
      AtomicLong numbers) {
    this.events = events;
    this.streams = streams;
    this.answers = answers;
    this.numbers = numbers;
  }

  Route route() {
    // On the event loop: calls of one connection keep their order.
    return Route.at("/api/v1/executor", this::handle).methods("POST");
  }

  private void handle(Request request, Responder to) {
    switch (Bodies.read(request, Call.getDefaultInstance())) {
      case Bodies.Read.Refused<Call>(Response refusal) -> to.respond(refusal);
      case Bodies.Read.Parsed<Call>(Call call, WireFormat format) -> handle(request, to, call);
    }
  }

  private void handle(Request request, Responder to, Call call) {
    Optional<String> problem = ExecutorCallValidator.problem(call);
    if (problem.isPresent()) {
      to.respond(Response.text(400, "Failed to validate Executor::Call: " + problem.get()));
    } else if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, to, call);
    } else {
      answers.ask(to, number -> new AgentEvent.ExecutorCalls(number, call));
    }
  }

  private void subscribe(Request request, Responder to, Call call) {
    WireFormat format = AnswerFormat.of(request);
    if (format == null) {
      to.respond(AnswerFormat.notAcceptable());
      return;
    }
    long number = numbers.incrementAndGet();
    streams.expect(number, format, to);
    if (!events.test(new AgentEvent.ExecutorSubscribes(number, call))) {
      streams.forget(number);
      to.respond(answers.overloaded());
    }
  }
}
