package io.perigee.master.server;

import io.perigee.endpoints.FileCalls;
import io.perigee.endpoints.SharedAnswers;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.master.Call;
import io.perigee.mesos.v1.master.Response;
import io.perigee.net.http.Request;
import io.perigee.net.server.Responder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The operator API's calls that look at the cluster or at files. Safe for all threads. */
final class OperatorReads {
  private final SharedAnswers<ClusterSnapshot> large;
  private final SharedAnswers<ClusterSnapshot> small;
  private final Function<ClusterSnapshot, Map<String, Double>> metrics;
  private final FileCalls files;
  private final Map<WireFormat, Known> known = new EnumMap<>(WireFormat.class);

  /** What large answers in one format have shown. */
  private record Known(Fragments<Task> tasks, Fragments<AgentSnapshot> agents) {}

  /**
   * @param large renders what may be many megabytes
   * @param small renders what should not wait for that
   * @param metrics as in {@code /metrics/snapshot}
   */
  OperatorReads(
      SharedAnswers<ClusterSnapshot> large,
      SharedAnswers<ClusterSnapshot> small,
      Function<ClusterSnapshot, Map<String, Double>> metrics,
      FileCalls files) {
    this.large = large;
    this.small = small;
    this.metrics = metrics;
    this.files = files;
    for (WireFormat format : WireFormat.values()) {
      known.put(format, new Known(new Fragments<>(), new Fragments<>()));
    }
  }

  /** One of the reads that {@link ClusterMessages#response} knows; it has the call's name. */
  void cluster(Request request, Responder to, Call.Type call, WireFormat format) {
    Response.Type type = Response.Type.valueOf(call.name());
    large.answer(
        request,
        name(type, format),
        format.mediaType(),
        (snapshot, out) -> write(snapshot, type, format, out),
        to);
  }

  /** On the one thread that renders large answers. */
  private void write(
      ClusterSnapshot snapshot, Response.Type type, WireFormat format, OutputStream out)
      throws IOException {
    Known before = Objects.requireNonNull(known.get(format));
    boolean isState = type == Response.Type.GET_STATE;
    Fragments<Task>.Showing tasks =
        isState || type == Response.Type.GET_TASKS ? before.tasks.all() : before.tasks.some();
    Fragments<AgentSnapshot>.Showing agents =
        isState || type == Response.Type.GET_AGENTS ? before.agents.all() : before.agents.some();
    PartWriter.write(format, new ClusterMessages(snapshot, tasks, agents).response(type), out);
    tasks.end();
    agents.end();
  }

  void roles(Request request, Responder to, WireFormat format) {
    whole(request, to, Response.Type.GET_ROLES, format, OperatorResponses::roles);
  }

  /** No metric makes one wait, so the call's timeout limits nothing. */
  void metrics(Request request, Responder to, WireFormat format) {
    whole(
        request,
        to,
        Response.Type.GET_METRICS,
        format,
        snapshot -> OperatorResponses.metrics(metrics.apply(snapshot)));
  }

  private void whole(
      Request request,
      Responder to,
      Response.Type type,
      WireFormat format,
      Function<ClusterSnapshot, Response> response) {
    small.answer(
        request,
        name(type, format),
        format.mediaType(),
        (snapshot, out) -> out.write(format.encode(response.apply(snapshot))),
        to);
  }

  /** Other than the name of any path. */
  private static String name(Response.Type type, WireFormat format) {
    return type + " " + format;
  }

  /** Blocks. */
  void list(Responder to, Call.ListFiles call, WireFormat format) throws IOException {
    switch (files.list(call.getPath())) {
      case FileCalls.Listing.Refused(var refusal) -> to.respond(refusal);
      case FileCalls.Listing.Listed(var entries) ->
          OperatorApi.respond(to, format, OperatorResponses.files(entries));
    }
  }

  /** Blocks. */
  void read(Responder to, Call.ReadFile call, WireFormat format) throws IOException {
    long length = call.hasLength() ? call.getLength() : Long.MAX_VALUE;
    switch (files.read(call.getPath(), call.getOffset(), length)) {
      case FileCalls.Reading.Refused(var refusal) -> to.respond(refusal);
      case FileCalls.Reading.Piece(long size, var data) ->
          OperatorApi.respond(to, format, OperatorResponses.file(size, data));
    }
  }
}
