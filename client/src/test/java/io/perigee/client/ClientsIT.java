package io.perigee.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.FrameworkInfo;
import io.perigee.mesos.v1.scheduler.Call;
import io.perigee.mesos.v1.scheduler.Event;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.Responder;
import io.perigee.net.server.ResponseStream;
import io.perigee.net.server.Route;
import io.perigee.net.server.Router;
import io.perigee.protocol.Decoded;
import io.perigee.protocol.recordio.RecordEncoder;
import io.perigee.protocol.wire.WireFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both clients against a server that says whatever a test wants. */
@Timeout(60)
class ClientsIT {
  private static final FrameworkInfo FRAMEWORK =
      FrameworkInfo.newBuilder().setUser("u").setName("n").build();

  private final EventLoops loops = new EventLoops("test-client", 1);
  private final LinkedBlockingQueue<ResponseStream> streams = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private volatile Response refusal;
  private HttpServer server;
  private HttpClient http;
  private URI base;

  @BeforeEach
  void serve() throws Exception {
    server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            HttpLimits.defaults(),
            LinkLimits.defaults(),
            null,
            new Counters());
    server.start(bound ->
        new Router(
            "master",
            Authenticator.anonymous(),
            List.of(
                Route.at("/", this::answer),
                Route.at("/api/v1/scheduler", this::answer),
                Route.at("/state", this::answer))));
    http =
        new HttpClient(loops, ClientLimits.defaults(), LinkLimits.defaults(), null, new Counters());
    base = URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  private void answer(Request request, Responder to) {
    requests.add(request);
    if (refusal != null) {
      to.respond(refusal);
    } else if (request.headers().get("Accept") != null) {
      streams.add(
          to.openStream(
              200,
              Headers.of("Mesos-Stream-Id", "stream-1", "Content-Type", "application/json"),
              reason -> heard.add(reason)));
    } else {
      to.respond(Response.of(202));
    }
  }

  @AfterEach
  void stop() {
    http.close();
    server.close();
    loops.close();
  }

  private SchedulerClient client(WireFormat format) {
    return new SchedulerClient(
        http,
        base,
        format,
        new SchedulerClient.Listener() {
          @Override
          public void onEvent(Event event) {
            heard.add(event);
          }

          @Override
          public void onEnd(String why) {
            heard.add(why);
          }
        });
  }

  private static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("something within 20 s").isNotNull();
    return next;
  }

  private static byte[] subscribed(WireFormat format) {
    return RecordEncoder.encode(
        format,
        Event.newBuilder()
            .setType(Event.Type.SUBSCRIBED)
            .setSubscribed(
                Event.Subscribed.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue("F")))
            .build());
  }

  private static Event.Type type(Object heard) {
    return ((Event) heard).getType();
  }

  @ParameterizedTest
  @EnumSource(WireFormat.class)
  void aFrameworkSubscribesAndCallsWithinItsStream(WireFormat format) throws Exception {
    SchedulerClient client = client(format);
    assertThat(client.call(Call.newBuilder().setType(Call.Type.REVIVE)))
        .as("before it is subscribed")
        .isCompletedExceptionally();
    client.subscribe(FRAMEWORK);
    Request subscribe = next(requests);
    assertThat(subscribe.headers().get("Content-Type")).isEqualTo(format.mediaType());
    assertThat(subscribe.headers().get("Accept")).isEqualTo(format.mediaType());
    ResponseStream stream = next(streams);
    byte[] record = subscribed(format);
    stream.send(Arrays.copyOf(record, 3)); // Cut anywhere.
    stream.send(Arrays.copyOfRange(record, 3, record.length));
    assertThat(type(next(heard))).isEqualTo(Event.Type.SUBSCRIBED);
    assertThat(client.frameworkId().getValue()).isEqualTo("F");

    assertThat(client.call(Call.newBuilder().setType(Call.Type.REVIVE)).get().status())
        .isEqualTo(202);
    Request revive = next(requests);
    assertThat(revive.headers().get("Mesos-Stream-Id")).isEqualTo("stream-1");
    assertThat(format.decode(revive.body(), Call.getDefaultInstance()))
        .isInstanceOfSatisfying(
            Decoded.Parsed.class,
            parsed ->
                assertThat(((Call) parsed.message()).getFrameworkId().getValue()).isEqualTo("F"));

    stream.close();
    assertThat(next(heard).toString()).isEqualTo("CLOSED_BY_SERVER");
    assertThat(next(heard)).isEqualTo("the master ended the stream");
  }

  @Test
  void aFrameworkThatComesBackSaysItsId() throws Exception {
    client(WireFormat.PROTOBUF)
        .subscribe(FRAMEWORK.toBuilder().setId(FrameworkID.newBuilder().setValue("F")).build());

    assertThat(Call.parseFrom(next(requests).body()).getFrameworkId().getValue()).isEqualTo("F");
  }

  @Test
  void aRefusalIsToldInTheMastersWordsUpToABound() throws Exception {
    refusal = Response.text(403, "not you " + "x".repeat(1 << 20));
    client(WireFormat.JSON).subscribe(FRAMEWORK);

    assertThat(next(heard).toString())
        .startsWith("the master answered 403: not you xxx")
        .hasSizeBetween(4000, 5000);
  }

  @Test
  void nothingComesAfterABrokenRecord() throws Exception {
    client(WireFormat.JSON).subscribe(FRAMEWORK);
    byte[] good = subscribed(WireFormat.JSON);
    byte[] bad = "5\n{\"a\":5\n{\"b\":".getBytes(UTF_8);
    byte[] all = new byte[2 * good.length + bad.length];
    System.arraycopy(good, 0, all, 0, good.length);
    System.arraycopy(bad, 0, all, good.length, bad.length);
    System.arraycopy(good, 0, all, good.length + bad.length, good.length);
    next(streams).send(all);

    assertThat(type(next(heard))).isEqualTo(Event.Type.SUBSCRIBED);
    assertThat(next(heard)).isInstanceOf(String.class);
    assertThat(next(heard).toString()).as("told to the server alone").isEqualTo("CLIENT_GONE");
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsNoRecordEndsTheStream() throws Exception {
    client(WireFormat.JSON).subscribe(FRAMEWORK);
    next(streams).send("hello\nworld\n".getBytes(UTF_8));

    assertThat(next(heard).toString()).startsWith("the master's stream is broken: ");
    assertThat(next(heard).toString()).isEqualTo("CLIENT_GONE");
    assertThat(heard).isEmpty();
  }

  @Test
  void aMasterThatGoesIsTold() throws Exception {
    client(WireFormat.JSON).subscribe(FRAMEWORK);
    next(streams).send(subscribed(WireFormat.JSON));
    assertThat(type(next(heard))).isEqualTo(Event.Type.SUBSCRIBED);
    server.close();

    assertThat(List.of(next(heard), next(heard)).toString()).contains("SHUTDOWN", "stream");
  }

  @Test
  void nobodyThereIsTold() throws Exception {
    server.close();
    client(WireFormat.JSON).subscribe(FRAMEWORK);

    assertThat(next(heard).toString()).contains("cannot connect to 127.0.0.1:");
  }

  @Test
  void closingIsNoNewsAndLeavesTheStream() throws Exception {
    SchedulerClient client = client(WireFormat.JSON);
    client.close(); // Without a stream there is none to leave.
    client.subscribe(FRAMEWORK);
    next(streams).send(subscribed(WireFormat.JSON));
    next(heard);
    assertThatThrownBy(() -> client.subscribe(FRAMEWORK)).isInstanceOf(IllegalStateException.class);
    client.close();

    assertThat(next(heard).toString()).isEqualTo("CLIENT_GONE");
    assertThat(heard).isEmpty();
  }

  // Reader.

  @Test
  void jsonBecomesMapsAndLists() throws Exception {
    refusal = Response.of(200, "application/json", "{\"a\":[1,2.5,\"x\",null]}".getBytes(UTF_8));
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("task_id", "a b&c=ä");
    parameters.put("limit", "1");
    Object read = new Reader(http, base).get("/state", parameters);

    assertThat(read.toString()).isEqualTo("{a=[1, 2.5, x, null]}");
    Request request = next(requests);
    assertThat(request.query("task_id")).isEqualTo("a b&c=ä");
    assertThat(request.query("limit")).isEqualTo("1");
  }

  @Test
  void whatIsNoJsonOrNoSuccessIsAFailure() {
    Reader reader = new Reader(http, base);
    refusal = Response.of(404);
    assertThatThrownBy(() -> reader.get("/state", Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(base + "/state answers 404: 404 Not Found.");
    refusal = Response.text(200, "<html>");
    assertThatThrownBy(() -> reader.get("/state", Map.of())).isInstanceOf(IOException.class);
    server.close();
    assertThatThrownBy(() -> reader.get("/state", Map.of())).isInstanceOf(HttpFailure.class);
  }

  @Test
  void anAnswerToAPostIsReturnedWhateverItsStatus() throws Exception {
    refusal = Response.text(409, "no");
    var response = new Reader(http, base).post("/state", "text/plain", "hi".getBytes(UTF_8));

    assertThat(response.status()).isEqualTo(409);
    Request request = next(requests);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.body()).asString(UTF_8).isEqualTo("hi");
  }
}
