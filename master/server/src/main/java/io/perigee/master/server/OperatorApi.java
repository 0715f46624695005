package io.perigee.master.server;

import com.google.protobuf.Message;
import io.perigee.endpoints.AnswerFormat;
import io.perigee.endpoints.Bodies;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.LogVerbosity;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.endpoints.SharedSnapshots;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.validation.MasterCallValidator;
import io.perigee.mesos.v1.master.Call;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * {@code POST /api/v1}: the operator API. Its checks come in the order of Master::Http::api in
 * mesos/src/master/http.cpp.
 */
final class OperatorApi {
  private final Message flags;
  private final Message version;
  private final Message master;
  private final SharedSnapshots<ClusterSnapshot> snapshots;
  private final OperatorReads reads;
  private final LogVerbosity verbosity;
  private final OperatorStreams streams;
  private final PendingAnswers<MasterEvent> answers;
  private final Predicate<MasterEvent> events;
  private final AtomicLong numbers;

  /**
   * @param flags by name, sorted
   * @param events takes an event, or says false if it cannot now
   * @param numbers gives streams, links and requests their numbers
   */
  OperatorApi(
      MasterIdentity identity,
      Build build,
      Map<String, String> flags,
      SharedSnapshots<ClusterSnapshot> snapshots,
      OperatorReads reads,
      LogVerbosity verbosity,
      OperatorStreams streams,
      PendingAnswers<MasterEvent> answers,
      Predicate<MasterEvent> events,
      AtomicLong numbers) {
    this.master = OperatorResponses.master(identity);
    this.version = OperatorResponses.version(build);
    this.flags = OperatorResponses.flags(flags);
    this.snapshots = snapshots;
    this.reads = reads;
    this.verbosity = verbosity;
    this.streams = streams;
    this.answers = answers;
    this.events = events;
    this.numbers = numbers;
  }

  Route route() {
    return Route.onWorker("/api/v1", this::handle).methods("POST");
  }

  private void handle(Request request, Responder to) throws IOException {
    switch (Bodies.read(request, Call.getDefaultInstance())) {
      case Bodies.Read.Refused<Call>(Response refusal) -> to.respond(refusal);
      case Bodies.Read.Parsed<Call>(Call call, WireFormat _) -> handle(request, to, call);
    }
  }

  private void handle(Request request, Responder to, Call call) throws IOException {
    Optional<String> problem = MasterCallValidator.problem(call);
    if (problem.isPresent()) {
      to.respond(Response.text(400, "Failed to validate master::Call: " + problem.get()));
      return;
    }
    WireFormat format = AnswerFormat.of(request);
    if (format == null) {
      to.respond(AnswerFormat.notAcceptable());
      return;
    }
    perform(request, to, call, format);
  }

  @SuppressWarnings("deprecation") // The old quota calls are part of the wire.
  private void perform(Request request, Responder to, Call call, WireFormat format)
      throws IOException {
    switch (call.getType()) {
      case UNKNOWN -> to.respond(Response.of(501));
      case SUBSCRIBE -> subscribe(to, format);
      case TEARDOWN ->
          answers.ask(
              to,
              number ->
                  new MasterEvent.OperatorTearsDown(
                      number, call.getTeardown().getFrameworkId().getValue()));
      case GET_STATE, GET_AGENTS, GET_FRAMEWORKS, GET_EXECUTORS, GET_TASKS ->
          reads.cluster(request, to, call.getType(), format);
      case GET_ROLES -> reads.roles(request, to, format);
      case GET_METRICS -> reads.metrics(request, to, format);
      case LIST_FILES -> reads.list(to, call.getListFiles(), format);
      case READ_FILE -> reads.read(to, call.getReadFile(), format);
      case GET_HEALTH -> respond(to, format, OperatorResponses.health());
      case GET_FLAGS -> respond(to, format, flags);
      case GET_VERSION -> respond(to, format, version);
      case GET_MASTER -> respond(to, format, master);
      case GET_OPERATIONS -> respond(to, format, OperatorResponses.operations());
      case GET_WEIGHTS -> respond(to, format, OperatorResponses.weights());
      case GET_QUOTA -> respond(to, format, OperatorResponses.quota());
      case GET_MAINTENANCE_STATUS -> respond(to, format, OperatorResponses.maintenanceStatus());
      case GET_MAINTENANCE_SCHEDULE -> respond(to, format, OperatorResponses.maintenanceSchedule());
      case GET_LOGGING_LEVEL ->
          respond(to, format, OperatorResponses.loggingLevel(verbosity.level()));
      case SET_LOGGING_LEVEL -> {
        Call.SetLoggingLevel level = call.getSetLoggingLevel();
        verbosity.set(level.getLevel(), Duration.ofNanos(level.getDuration().getNanoseconds()));
        to.respond(Response.of(200));
      }
      case UPDATE_WEIGHTS,
          RESERVE_RESOURCES,
          UNRESERVE_RESOURCES,
          CREATE_VOLUMES,
          DESTROY_VOLUMES,
          GROW_VOLUME,
          SHRINK_VOLUME,
          UPDATE_MAINTENANCE_SCHEDULE,
          START_MAINTENANCE,
          STOP_MAINTENANCE,
          DRAIN_AGENT,
          DEACTIVATE_AGENT,
          REACTIVATE_AGENT,
          UPDATE_QUOTA,
          SET_QUOTA,
          REMOVE_QUOTA,
          MARK_AGENT_GONE ->
          refuse(call, to);
    }
  }

  private void refuse(Call call, Responder to) {
    var _ =
        snapshots
            .latest()
            .whenComplete((snapshot, busy) ->
                to.respond(
                    busy == null ? WritesNotBuilt.answer(call, snapshot) : answers.overloaded()));
  }

  static void respond(Responder to, WireFormat format, Message response) {
    to.respond(Response.of(200, format.mediaType(), format.encode(response)));
  }

  private void subscribe(Responder to, WireFormat format) {
    long number = numbers.incrementAndGet();
    streams.expect(number, format, to);
    if (!events.test(new MasterEvent.OperatorSubscribes(number))) {
      streams.forget(number);
      to.respond(answers.overloaded());
    }
  }
}
