package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.auth.Authenticator;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.server.HttpLimits;
import io.perigee.net.server.HttpServer;
import io.perigee.net.server.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownloadIT {
  private static final int BIG_BYTES = 30_000_001; // More than all buffers on the way.

  @TempDir Path folder;
  private final Counters counters = new Counters();
  private final EventLoops loops = new EventLoops("test", 1);
  private HttpServer server;

  @BeforeEach
  void writeFile() throws IOException {
    byte[] bytes = new byte[BIG_BYTES];
    new Random(1).nextBytes(bytes);
    Files.write(folder.resolve("big"), bytes);
  }

  private void serve(int downloads, Duration stallTime) throws IOException {
    server =
        new HttpServer(
            loops,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            HttpLimits.builder().workers(1).waitingForWorker(1).build(),
            LinkLimits.defaults(),
            null,
            counters);
    FilesRoutes routes =
        new FilesRoutes(
            new SandboxFiles(() -> Map.of("/box", folder)), new Downloads(downloads, stallTime));
    server.start(bound -> new Router("slave(1)", Authenticator.anonymous(), routes.routes()));
  }

  @AfterEach
  void stop() {
    server.close();
    loops.close();
  }

  private HttpResponse<byte[]> get(String target, String... headers) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + target);
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      for (int i = 0; i < headers.length; i += 2) {
        request.header(headers[i], headers[i + 1]);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static String range(HttpResponse<byte[]> response) {
    return response.headers().firstValue("Content-Range").orElse("none");
  }

  @Test
  void aFileIsFollowedPieceByPiece() throws Exception {
    serve(1, Duration.ofSeconds(30));
    Path log = Files.writeString(folder.resolve("log"), "0123456789");
    String target = "/files/download?path=/box/log";
    HttpResponse<byte[]> middle = get(target, "Range", "bytes=2-4");
    assertThat(middle.statusCode()).isEqualTo(206);
    assertThat(middle.body()).asString().isEqualTo("234");
    assertThat(range(middle)).isEqualTo("bytes 2-4/10");
    assertThat(get(target, "Range", "bytes=7-").body()).asString().isEqualTo("789");
    HttpResponse<byte[]> end = get(target, "Range", "bytes=10-");
    assertThat(end.statusCode()).isEqualTo(416);
    assertThat(range(end)).isEqualTo("bytes */10");
    Files.writeString(log, "new", StandardOpenOption.APPEND);
    assertThat(get(target, "Range", "bytes=10-").body()).asString().isEqualTo("new");
    // A piece is no longer than others; the answer says how long it is.
    HttpResponse<byte[]> big = get("/files/download?path=/box/big", "Range", "bytes=1-");
    assertThat(big.body()).hasSize(SandboxFiles.MOST_BYTES_READ);
    assertThat(range(big)).isEqualTo("bytes 1-65536/" + BIG_BYTES);
  }

  @Test
  void rangesOfAnotherFormAreAnsweredWithTheWholeFile() throws Exception {
    serve(1, Duration.ofSeconds(30));
    Files.writeString(folder.resolve("log"), "0123456789");
    for (String range : new String[] {"bytes=-3", "bytes=0-1,3-4", "lines=1-2", "bytes=x-"}) {
      HttpResponse<byte[]> response = get("/files/download?path=/box/log", "Range", range);
      assertThat(response.statusCode()).as(range).isEqualTo(200);
      assertThat(response.body()).hasSize(10);
    }
    assertThat(get("/files/download?path=/box/log", "Range", "bytes=4-2").statusCode())
        .isEqualTo(416);
  }

  /** Asks and reads nothing. */
  private Socket sleepyReader() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(server.address());
    socket
        .getOutputStream()
        .write(
            "GET /files/download?path=/box/big HTTP/1.1\r\nHost: a\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  @Test
  void aBigFileArrivesWhole() throws Exception {
    serve(1, Duration.ofSeconds(30));
    HttpResponse<byte[]> response = get("/files/download?path=/box/big");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=big");
    assertThat(response.body()).isEqualTo(Files.readAllBytes(folder.resolve("big")));
  }

  /** There is one worker only: it must not wait for either of them. */
  @Test
  void slowReadersHoldNoWorkerAndHaveABound() throws Exception {
    serve(2, Duration.ofSeconds(30));
    try (Socket one = sleepyReader();
        Socket two = sleepyReader()) {
      assertThat(get("/files/browse?path=/box").statusCode()).isEqualTo(200);
      assertThat(get("/files/download?path=/box/big").statusCode()).isEqualTo(503);
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
  }

  @Test
  void aReaderThatStallsIsCutAndCounted() throws Exception {
    serve(1, Duration.ofMillis(200));
    try (Socket sleepy = sleepyReader()) {
      while (counters.get("http_streams_ended_total{reason=\"slow_reader\"}") == 0) {
        Thread.sleep(10);
      }
      sleepy.setSoTimeout(20_000);
      long got = 1;
      try (InputStream in = sleepy.getInputStream()) {
        got += in.readAllBytes().length;
      } catch (IOException reset) {
        got = 0;
      }
      assertThat(got).as("half a file does not look whole").isLessThan(BIG_BYTES);
    }
    assertThat(get("/files/download?path=/box/big").statusCode())
        .as("its place is free again")
        .isEqualTo(200);
  }

  @Test
  void aFileThatShrinksMeanwhileEnds() throws Exception {
    serve(1, Duration.ofSeconds(30));
    try (Socket reader = sleepyReader()) {
      Files.write(folder.resolve("big"), new byte[10]);
      reader.setSoTimeout(20_000);
      String end = "";
      byte[] piece = new byte[64 * 1024];
      InputStream in = reader.getInputStream();
      while (!end.endsWith("\r\n0\r\n\r\n")) {
        int n = in.read(piece);
        assertThat(n).isPositive();
        end =
            end.substring(Math.max(0, end.length() - 16))
                + new String(
                    piece, Math.max(0, n - 16), Math.min(n, 16), StandardCharsets.ISO_8859_1);
      }
    }
  }
}
