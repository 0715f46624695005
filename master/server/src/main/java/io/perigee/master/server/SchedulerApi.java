package io.perigee.master.server;

import io.perigee.endpoints.AnswerFormat;
import io.perigee.endpoints.Bodies;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.validation.SchedulerCallValidator;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.net.auth.Principal;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import io.perigee.protocol.wire.WireFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/scheduler}: reads calls, hands them to the core, passes its answers on. Its
 * checks come in the order of Master::Http::scheduler in mesos/src/master/http.cpp.
 */
final class SchedulerApi {
  static final String STREAM_ID = "Mesos-Stream-Id";

  private final Predicate<MasterEvent> events;
  private final SchedulerStreams streams;
  private final AtomicLong numbers;
  private final PendingAnswers<MasterEvent> answers;

  /**
   * @param events takes an event, or says false if it cannot now
   * @param numbers gives streams, links and requests their numbers
   */
  SchedulerApi(
      Predicate<MasterEvent> events,
      SchedulerStreams streams,
      PendingAnswers<MasterEvent> answers,
      AtomicLong numbers) {
    this.events = events;
    this.streams = streams;
    this.answers = answers;
    this.numbers = numbers;
  }

  Route route() {
    // On the event loop: calls of one connection keep their order.
    return Route.at("/api/v1/scheduler", this::handle).methods("POST");
  }

  private void handle(Request request, Responder to) {
    switch (Bodies.read(request, Call.getDefaultInstance())) {
      case Bodies.Read.Refused<Call>(Response refusal) -> to.respond(refusal);
      case Bodies.Read.Parsed<Call>(Call call, WireFormat format) -> handle(request, to, call);
    }
  }

  private void handle(Request request, Responder to, Call call) {
    Principal principal = request.principal();
    String name = principal == null ? null : principal.value();
    Optional<String> problem = SchedulerCallValidator.problem(call, name);
    if (problem.isPresent()) {
      to.respond(Response.text(400, "Failed to validate scheduler::Call: " + problem.get()));
      return;
    }
    String streamId = request.headers().get(STREAM_ID);
    if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, to, call, name, streamId);
    } else {
      answers.ask(to, number -> new MasterEvent.SchedulerCalls(number, streamId, name, call));
    }
  }

  private void subscribe(
      Request request,
      Responder to,
      Call call,
      @Nullable String principal,
      @Nullable String streamId) {
    WireFormat format = AnswerFormat.of(request);
    if (format == null) {
      to.respond(AnswerFormat.notAcceptable());
      return;
    }
    if (streamId != null) {
      to.respond(
          Response.text(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header"));
      return;
    }
    long number = numbers.incrementAndGet();
    String newStreamId = UUID.randomUUID().toString();
    streams.expect(number, newStreamId, format, to);
    if (!events.test(new MasterEvent.SchedulerSubscribes(number, newStreamId, principal, call))) {
      streams.forget(number);
      to.respond(answers.overloaded());
    }
  }
}
