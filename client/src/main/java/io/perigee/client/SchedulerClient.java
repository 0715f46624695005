package io.perigee.client;

import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.ClientResponse;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.client.ResponseListener;
import io.perigee.net.http.Headers;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.recordio.RecordDecoder;
import io.perigee.protocol.wire.WireFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A framework's side of the v1 scheduler API: one subscription, and calls within it. Calls may come
 * from any thread; of calls made one after the other the earlier is sent first but may arrive last,
 * unless its answer is waited for.
 */
public final class SchedulerClient implements AutoCloseable {
  private static final String STREAM_ID = "Mesos-Stream-Id";

  /** Of one event: an OFFERS event of a big cluster takes half a megabyte. */
  private static final int MOST_EVENT_BYTES = 64 << 20;

  /** What a person reads of a refusal. */
  private static final int MOST_REFUSAL_BYTES = 4096;

  private final HttpClient http;
  private final URI uri;
  private final WireFormat format;
  private final Listener listener;
  private volatile @Nullable String streamId;
  private volatile @Nullable FrameworkID frameworkId;
  private io.perigee.net.client.@Nullable Call subscription;

  /** Hears events on an event loop: it must not block. */
  public interface Listener {
    void onEvent(Event event);

    /**
     * The subscription is over; once and last, but not after {@link SchedulerClient#close}, nor if
     * the HTTP client is closed.
     *
     * @param why for a person
     */
    void onEnd(String why);
  }

  /**
   * @param master such as {@code http://127.0.0.1:5050}
   */
  public SchedulerClient(HttpClient http, URI master, WireFormat format, Listener listener) {
    this.http = http;
    this.uri = master.resolve("/api/v1/scheduler");
    this.format = format;
    this.listener = listener;
  }

  /** Subscribes; SUBSCRIBED or {@link Listener#onEnd} tells how that went. Once for each client. */
  public synchronized void subscribe(FrameworkInfo info) {
    if (subscription != null) {
      throw new IllegalStateException("subscribed before: a new subscription needs a new client");
    }
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    ClientRequest request =
        ClientRequest.post(uri, format.mediaType(), format.encode(call.build()))
            .with("Accept", format.mediaType());
    subscription = http.stream(request, new Stream());
  }

  /** The id that the master gave, or null before SUBSCRIBED. */
  public @Nullable FrameworkID frameworkId() {
    return frameworkId;
  }

  /** The stream that calls must name, or null before its head came. For who sends them himself. */
  public @Nullable String streamId() {
    return streamId;
  }

  /**
   * Makes a call; the framework's id is filled in.
   *
   * @return the answer, whatever its status; or an {@link HttpFailure}
   */
  public CompletableFuture<ClientResponse> call(Call.Builder call) {
    FrameworkID id = frameworkId;
    String stream = streamId;
    if (id == null || stream == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("not subscribed"));
    }
    return http.send(
        ClientRequest.post(uri, format.mediaType(), format.encode(call.setFrameworkId(id).build()))
            .with(STREAM_ID, stream));
  }

  /** Leaves the stream; the framework fails over or ends after its failover timeout. */
  @Override
  public synchronized void close() {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  private final class Stream implements ResponseListener {
    private final RecordDecoder records = new RecordDecoder(MOST_EVENT_BYTES);
    private final StringBuilder refusal = new StringBuilder();
    private int status;
    private boolean hasEnded;
    private io.perigee.net.client.@Nullable Call call;

    @Override
    public void onHead(io.perigee.net.client.Call started, int newStatus, Headers headers) {
      call = started;
      status = newStatus;
      streamId = headers.get(STREAM_ID);
    }

    @Override
    public void onBody(byte[] bytes) {
      if (status != 200) {
        int room = MOST_REFUSAL_BYTES - refusal.length();
        refusal.append(new String(bytes, 0, Math.min(room, bytes.length), StandardCharsets.UTF_8));
        return;
      }
      if (records.feed(bytes, this::record) instanceof RecordDecoder.Broken broken) {
        fail("the master's stream is broken: " + broken.reason());
      }
    }

    private void record(byte[] record) {
      if (hasEnded) {
        return; // It came together with the one that broke the stream.
      }
      switch (format.decode(record, Event.getDefaultInstance())) {
        case Decoded.Parsed<Event>(Event event) -> {
          if (event.hasSubscribed()) {
            frameworkId = event.getSubscribed().getFrameworkId();
          }
          listener.onEvent(event);
        }
        case Decoded.MalformedJson<Event>(String detail) -> fail(detail);
        case Decoded.MisfitJson<Event>(String detail) -> fail(detail);
        case Decoded.MalformedProtobuf<Event>(String detail) -> fail(detail);
      }
    }

    private void fail(String why) {
      if (call != null) {
        call.cancel();
      }
      end(why);
    }

    private void end(String why) {
      if (!hasEnded) {
        hasEnded = true;
        listener.onEnd(why);
      }
    }

    @Override
    public void onEnd() {
      end(
          status == 200
              ? "the master ended the stream"
              : "the master answered " + status + ": " + refusal);
    }

    @Override
    public void onFailure(HttpFailure failure) {
      if (failure.kind() != HttpFailure.Kind.CANCELLED) {
        end(String.valueOf(failure.getMessage()));
      }
    }
  }
}
