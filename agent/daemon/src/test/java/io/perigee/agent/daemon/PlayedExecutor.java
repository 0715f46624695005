package io.perigee.agent.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.executor.Call;
import io.perigee.mesos.v1.executor.Event;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An executor over HTTP, while its process only sleeps. */
final class PlayedExecutor implements AutoCloseable {
  private static final Event END = Event.getDefaultInstance();

  private final URI uri;
  private final WireFormat format;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  PlayedExecutor(URI agent, WireFormat format) {
    this.uri = agent.resolve("/slave(1)/api/v1/executor");
    this.format = format;
  }

  static Call.Builder call(Call.Type type) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
        .setExecutorId(ExecutorID.newBuilder().setValue("E"));
  }

  HttpRequest.Builder request(byte[] body) {
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", format.mediaType())
        .header("Accept", format.mediaType())
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  /** Status and text of the answer. */
  String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  String send(Call.Builder call) throws IOException, InterruptedException {
    return send(request(format.encode(call.build())).build());
  }

  /** The answer to a call of the agent's operator API, which executors may make too. */
  String operator(String json) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri.resolve("/api/v1"))
            .header("Content-Type", WireFormat.JSON.mediaType())
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Opens the stream; its events come to {@link #next}. */
  void subscribe() throws IOException, InterruptedException {
    Call.Builder call = call(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder();
    HttpResponse<InputStream> stream =
        client.send(
            request(format.encode(call.build())).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.headers().firstValue("Content-Type")).hasValue(format.mediaType());
    assertThat(stream.headers().firstValue("Mesos-Stream-Id")).isEmpty();
    Thread.ofVirtual().start(() -> read(stream.body()));
  }

  private void read(InputStream body) {
    RecordDecoder decoder = new RecordDecoder(1 << 20);
    byte[] buffer = new byte[8192];
    try (body) {
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        var _ = decoder.feed(Arrays.copyOf(buffer, n), record -> events.add(event(record)));
      }
    } catch (IOException broken) {
      // Ends as if it had been closed.
    }
    events.add(END);
  }

  private Event event(byte[] record) {
    return switch (format.decode(record, Event.getDefaultInstance())) {
      case Decoded.Parsed<Event>(Event event) -> event;
      case Decoded<Event> broken ->
          throw new AssertionError(broken + " of " + new String(record, UTF_8));
    };
  }

  Event next(Event.Type type) throws InterruptedException {
    Event event = events.poll(20, TimeUnit.SECONDS);
    assertThat(event).as("an event").isNotNull();
    assertThat(event.getType()).as("type of %s", event).isEqualTo(type);
    return event;
  }

  void awaitEnd() throws InterruptedException {
    assertThat(events.poll(20, TimeUnit.SECONDS)).isSameAs(END);
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
