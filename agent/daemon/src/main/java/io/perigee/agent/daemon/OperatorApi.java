package io.perigee.agent.daemon;

import com.google.protobuf.Message;
import io.perigee.agent.core.AgentSnapshot;
import io.perigee.endpoints.FileCalls;
import io.perigee.endpoints.LogVerbosity;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.FileInfo;
import io.perigee.mesos.v1.agent.Call;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Route;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1}: the calls that read, and the log's level. Calls that would change or watch
 * containers, images or resource providers get 501. Checks, texts and their order are those of
 * Http::api in mesos/src/slave/http.cpp. Runs on workers and never asks the decision loop for more
 * than a snapshot.
 */
final class OperatorApi {
  private final AgentSnapshots snapshots;
  private final OperatorReads reads;
  private final FileCalls files;
  private final LogVerbosity verbosity;

  OperatorApi(
      AgentSnapshots snapshots, OperatorReads reads, FileCalls files, LogVerbosity verbosity) {
    this.snapshots = snapshots;
    this.reads = reads;
    this.files = files;
    this.verbosity = verbosity;
  }

  Route route() {
    return Route.onWorker("/api/v1", (request, to) -> to.respond(answer(request))).methods("POST");
  }

  private Response answer(Request request) throws IOException, InterruptedException {
    return switch (OperatorMedia.of(request)) {
      case OperatorMedia.Reading.Refused(Response refusal) -> refusal;
      case OperatorMedia.Reading.Agreed(OperatorMedia media) -> answer(request.body(), media);
    };
  }

  private Response answer(byte[] body, OperatorMedia media)
      throws IOException, InterruptedException {
    byte[] bytes = media.isStreamed() ? firstRecord(body) : body;
    if (bytes == null) {
      return Response.text(400, "Received EOF while reading request body");
    }
    return switch (media.content().decode(bytes, Call.getDefaultInstance())) {
      case Decoded.Parsed<Call>(Call call) -> answer(call, media);
      case Decoded.MalformedJson<Call>(String detail) ->
          Response.text(400, "Failed to parse body into JSON: " + detail);
      case Decoded.MisfitJson<Call>(String detail) -> Response.text(400, detail);
      case Decoded.MalformedProtobuf<Call>(String detail) ->
          Response.text(400, "Failed to parse body into a protobuf object");
    };
  }

  private static byte @Nullable [] firstRecord(byte[] body) {
    List<byte[]> records = new ArrayList<>();
    var _ = new RecordDecoder(Math.max(1, body.length)).feed(body, records::add);
    return records.isEmpty() ? null : records.getFirst();
  }

  private Response answer(Call call, OperatorMedia media) throws IOException, InterruptedException {
    String problem = OperatorCallValidator.problem(call);
    if (problem != null) {
      return Response.text(400, "Failed to validate agent::Call: " + problem);
    }
    Response mismatch = media.mismatch(call.getType());
    return mismatch == null ? answer(call, media.accepted()) : mismatch;
  }

  @SuppressWarnings("deprecation") // Calls about nested containers, which old executors make.
  private Response answer(Call call, WireFormat format) throws IOException, InterruptedException {
    return switch (call.getType()) {
      case UNKNOWN -> Response.of(501);
      case GET_HEALTH -> ok(reads.health(), format);
      case GET_FLAGS -> ok(reads.flags(), format);
      case GET_VERSION -> ok(reads.version(), format);
      case GET_METRICS -> read(reads::metrics, format);
      case GET_LOGGING_LEVEL -> ok(reads.loggingLevel(verbosity.level()), format);
      case SET_LOGGING_LEVEL -> set(call.getSetLoggingLevel());
      case LIST_FILES -> list(call.getListFiles(), format);
      case READ_FILE -> read(call.getReadFile(), format);
      case GET_STATE -> read(reads::state, format);
      case GET_CONTAINERS ->
          read(s -> reads.containers(s, call.getGetContainers().getShowNested()), format);
      case GET_FRAMEWORKS -> read(reads::frameworks, format);
      case GET_EXECUTORS -> read(reads::executors, format);
      case GET_OPERATIONS -> ok(reads.operations(), format);
      case GET_TASKS -> read(reads::tasks, format);
      case GET_AGENT -> read(reads::agent, format);
      case GET_RESOURCE_PROVIDERS -> ok(reads.resourceProviders(), format);
      case WAIT_NESTED_CONTAINER ->
          ofContainer(call, call.getWaitNestedContainer().getContainerId(), OperatorApi::notFound);
      case WAIT_CONTAINER ->
          ofContainer(call, call.getWaitContainer().getContainerId(), OperatorApi::notFound);
      case ATTACH_CONTAINER_OUTPUT ->
          ofContainer(
              call, call.getAttachContainerOutput().getContainerId(), OperatorApi::notFound);
      case KILL_NESTED_CONTAINER ->
          ofContainer(call, call.getKillNestedContainer().getContainerId(), OperatorApi::notKilled);
      case KILL_CONTAINER ->
          ofContainer(call, call.getKillContainer().getContainerId(), OperatorApi::notKilled);
      case LAUNCH_NESTED_CONTAINER,
          REMOVE_NESTED_CONTAINER,
          LAUNCH_NESTED_CONTAINER_SESSION,
          ATTACH_CONTAINER_INPUT,
          LAUNCH_CONTAINER,
          REMOVE_CONTAINER,
          ADD_RESOURCE_PROVIDER_CONFIG,
          UPDATE_RESOURCE_PROVIDER_CONFIG,
          REMOVE_RESOURCE_PROVIDER_CONFIG,
          MARK_RESOURCE_PROVIDER_GONE,
          PRUNE_IMAGES ->
          notBuilt(call);
    };
  }

  private static Response ok(Message answer, WireFormat format) {
    return Response.of(200, format.mediaType(), format.encode(answer));
  }

  private Response read(Function<AgentSnapshot, Message> reading, WireFormat format)
      throws InterruptedException {
    AgentSnapshot snapshot = snapshots.latest();
    return snapshot == null ? AgentSnapshots.busy() : ok(reading.apply(snapshot), format);
  }

  private Response set(Call.SetLoggingLevel wanted) {
    verbosity.set(wanted.getLevel(), Duration.ofNanos(wanted.getDuration().getNanoseconds()));
    return Response.of(200);
  }

  private Response list(Call.ListFiles wanted, WireFormat format) throws IOException {
    return switch (files.list(wanted.getPath())) {
      case FileCalls.Listing.Refused(Response refusal) -> refusal;
      case FileCalls.Listing.Listed(List<FileInfo> entries) -> ok(reads.files(entries), format);
    };
  }

  private Response read(Call.ReadFile wanted, WireFormat format) throws IOException {
    long length = wanted.hasLength() ? wanted.getLength() : Long.MAX_VALUE;
    return switch (files.read(wanted.getPath(), wanted.getOffset(), length)) {
      case FileCalls.Reading.Refused(Response refusal) -> refusal;
      case FileCalls.Reading.Piece piece -> ok(reads.file(piece), format);
    };
  }

  /** Tells at least whether there is such a container, as Mesos does before all else. */
  private Response ofContainer(Call call, ContainerID id, Function<String, Response> ifUnknown)
      throws InterruptedException {
    AgentSnapshot snapshot = snapshots.latest();
    if (snapshot == null) {
      return AgentSnapshots.busy();
    }
    return ContainerReads.isKnown(snapshot, id) ? notBuilt(call) : ifUnknown.apply(print(id));
  }

  private static Response notBuilt(Call call) {
    return Response.text(501, call.getType() + " is not supported by this agent");
  }

  private static Response notFound(String id) {
    return Response.text(404, "Container " + id + " cannot be found");
  }

  private static Response notKilled(String id) {
    return Response.text(404, "Container '" + id + "' cannot be found (or is already killed)");
  }

  /** Parents first, as Mesos prints it. The depth of a message is bounded by its parser. */
  private static String print(ContainerID id) {
    return (id.hasParent() ? print(id.getParent()) + "." : "") + id.getValue();
  }
}
