package io.perigee.master.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Problems;
import io.perigee.net.EventLoops;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MasterProcessIT {
  private final Problems problems = new Problems();
  private final EventLoops loops = new EventLoops("test-master", 1);
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    loops.close();
    assertThat(fatal).isEmpty();
    Awaitility.await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("master-")));
  }

  private MasterProcess start(String... flags) {
    List<String> all = new ArrayList<>(List.of("--ip=127.0.0.1", "--port=0"));
    all.addAll(List.of(flags));
    return MasterProcess.start(
        MasterOptions.TABLE.read(all, Map.of(), problems), loops, problems, fatal::add);
  }

  private static HttpRequest.Builder post(MasterProcess master, String path, String json) {
    return HttpRequest.newBuilder(master.uri().resolve(path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  @Test
  void everythingIsAnsweredByAFreshMaster() throws Exception {
    try (MasterProcess master = start()) {
      for (String path :
          List.of(
              "/state",
              "/state-summary",
              "/slaves",
              "/frameworks",
              "/tasks",
              "/metrics/snapshot",
              "/master/state",
              "/version",
              "/flags")) {
        HttpResponse<String> response =
            Served.send(HttpRequest.newBuilder(master.uri().resolve(path)));
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        assertThat(response.body()).as(path).startsWith("{").endsWith("}");
      }
    }
  }

  @Test
  void allProblemsAreToldAtOnceAndNothingRuns() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      MasterProcess master =
          start(
              "--port=" + taken.getLocalPort(),
              "--hostname=two words",
              "--min_allocatable_resources=x",
              "--tls_key_file=/nowhere");

      assertThat(master).isNull();
      assertThat(problems.texts())
          .hasSize(4)
          .anySatisfy(p -> assertThat(p).contains("cannot listen on 127.0.0.1:"))
          .anySatisfy(p -> assertThat(p).startsWith("--hostname: 'two words'"))
          .anySatisfy(p -> assertThat(p).startsWith("--min_allocatable_resources: "))
          .anySatisfy(p -> assertThat(p).startsWith("--tls_key_file: needs tls_cert_file"));
    }
  }

  @Test
  void aPortIsFreeAgainAfterTheMaster() throws Exception {
    int port;
    try (MasterProcess first = start()) {
      port = first.uri().getPort();
    }
    try (MasterProcess second = start("--port=" + port)) {
      assertThat(problems.texts()).isEmpty();
      assertThat(second.uri().getPort()).isEqualTo(port);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {'framework_id':'F','task_id':'t'} | 404",
        "application/json | {'framework_id':'F','task_id':'t'} x | 400",
        "application/json | {'framework_id':'F'} | 400",
        "application/json | {'framework_id':1,'task_id':'t'} | 400",
        "application/json | {'framework_id' | 400",
        "application/json | [] | 400",
        // What a form of any site can send.
        "text/plain | {'framework_id':'F','task_id':'t'} | 415"
      })
  void aKillNamesItsTask(String type, String body, int status) throws Exception {
    try (MasterProcess master = start()) {
      HttpRequest.Builder kill =
          HttpRequest.newBuilder(master.uri().resolve("/perigee/v1/kill"))
              .header("Content-Type", type)
              .POST(BodyPublishers.ofString(body.replace('\'', '"')));

      assertThat(Served.send(kill).statusCode()).isEqualTo(status);
    }
  }

  @Test
  void whoSubscribesAnewTakesTheStreamOver() throws Exception {
    // Closed last: it waits for the streams to end.
    try (HttpClient http = HttpClient.newHttpClient();
        MasterProcess master = start()) {
      Iterator<String> first = subscribe(master, http, "");
      String subscribed = await(first, "SUBSCRIBED");
      String id = subscribed.replaceAll(".*\"framework_id\":\\{\"value\":\"([^\"]+)\".*", "$1");
      Iterator<String> second = subscribe(master, http, id);
      await(second, "SUBSCRIBED");

      assertThat(await(first, "ERROR")).contains("Framework failed over");
      while (first.hasNext()) {
        first.next(); // To the end, which comes.
      }
    }
  }

  private static Iterator<String> subscribe(MasterProcess master, HttpClient http, String id)
      throws Exception {
    String value = id.isEmpty() ? "" : ",'id':{'value':'" + id + "'}";
    String outer = id.isEmpty() ? "" : ",'framework_id':{'value':'" + id + "'}";
    String body =
        "{'type':'SUBSCRIBE'%s,'subscribe':{'framework_info':{'user':'u','name':'n','failover_timeout':60%s}}}"
            .formatted(outer, value)
            .replace('\'', '"');
    HttpResponse<java.util.stream.Stream<String>> response =
        http.send(
            post(master, "/api/v1/scheduler", body).header("Accept", "application/json").build(),
            HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body().iterator();
  }

  private static String await(Iterator<String> lines, String word) {
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.contains(word)) {
        return line;
      }
    }
    throw new AssertionError("the stream ended without " + word);
  }
}
