package io.perigee.master.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endpoints.Build;
import io.perigee.endpoints.PieceMemory;
import io.perigee.endpoints.SharedAnswers;
import io.perigee.endpoints.SharedSnapshots;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.net.Counters;
import io.perigee.net.http.Response;
import io.perigee.net.server.HttpLimits;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers get while the decision loop takes nothing. */
@Timeout(60)
class ReadRoutesIT {
  private final Counters counters = new Counters();
  private final SharedAnswers<ClusterSnapshot> full =
      new SharedAnswers<>(
          "test-reads",
          new SharedSnapshots<ClusterSnapshot>(() -> false)::latest,
          new PieceMemory(counters),
          Response.text(503, "busy"),
          counters);
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    MasterIdentity self =
        new MasterIdentity("M", InetAddress.getLoopbackAddress(), 5050, "m.example", null, 1.5);
    Build build = Build.current();
    ReadRoutes routes =
        new ReadRoutes(
            full, full, new StateJson(self, build, Map.of("port", "5050")), self, build, Map::of);
    served = new Served(HttpLimits.defaults(), routes.routes());
  }

  @AfterEach
  void stop() {
    served.close();
    full.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return Served.send(HttpRequest.newBuilder(served.uri(path)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/state",
        "/master/state",
        "/state-summary",
        "/slaves",
        "/frameworks",
        "/tasks?limit=2147483647&offset=2147483647",
        "/metrics/snapshot",
        "/state?jsonp=cb"
      })
  void whatNeedsTheLoopIsRefusedAtOnceWhenItIsFull(String path) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("busy");
  }

  @Test
  void whatDoesNotNeedTheLoopIsAnswered() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health").body()).isEmpty();
    assertThat(get("/version").body()).contains("\"version\":\"1.11.0\"");
    assertThat(get("/flags").body()).contains("\"port\":\"5050\"");
    HttpResponse<String> redirect = get("/redirect");
    assertThat(redirect.statusCode()).isEqualTo(307);
    assertThat(redirect.headers().firstValue("Location")).hasValue("//m.example:5050");
    HttpResponse<String> page = get("/");
    assertThat(page.body()).startsWith("<!").contains("content=\"default-src 'none';");
  }
}
