package io.perigee.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endpoints.SandboxFiles.Entry;
import io.perigee.endpoints.SandboxFiles.Found;
import io.perigee.net.http.Response;
import io.perigee.net.server.Handler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code /files} shows of a sandbox whose task means no good. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SandboxFilesIT {
  @TempDir Path folder;
  private Path sandbox;
  private FilesRoutes routes;
  private SandboxFiles files;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Files.createDirectory(folder.resolve("box"));
    Files.writeString(sandbox.resolve("stdout"), "started\n");
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createDirectory(folder.resolve("box2"));
    Files.writeString(folder.resolve("box2/stdout"), "another's");
    files = new SandboxFiles(() -> Map.of("/box", sandbox));
    routes = new FilesRoutes(files);
  }

  private Response get(String path, String... parameters) throws Exception {
    Handler handler =
        switch (path) {
          case "/files/browse" -> (request, to) -> to.respond(routes.browse(request));
          case "/files/read" -> (request, to) -> to.respond(routes.read(request));
          case "/files/debug" -> (request, to) -> to.respond(routes.debug(request));
          default -> routes::download;
        };
    return Answer.to(Requests.get(path, parameters), handler);
  }

  private String read(String... parameters) throws Exception {
    Response response = get("/files/read", parameters);
    return response.status() + " " + Answer.text(response);
  }

  // Where a path may lead.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/box/../secret",
        "/box/./../secret",
        "/box/../box2/stdout",
        "/box//etc/passwd",
        "/box/out",
        "/box/out2/secret",
        "/box/chain"
      })
  void nothingOutsideOfTheSandboxIsReached(String path) throws Exception {
    Files.createSymbolicLink(sandbox.resolve("out"), folder.resolve("secret"));
    Files.createSymbolicLink(sandbox.resolve("out2"), Path.of(".."));
    Files.createSymbolicLink(sandbox.resolve("chain"), Path.of("out"));

    assertThat(files.find(path)).isEqualTo(new Found.Outside(path));
    for (String route : new String[] {"/files/read", "/files/browse", "/files/download"}) {
      Response response = get(route, "path", path, "offset", "0");
      assertThat(response.status()).isEqualTo(400);
      assertThat(Answer.text(response)).isEqualTo("'" + path + "' is inaccessible");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/box2/stdout", "box/stdout", "/boxes", "/box/none", "/box/stdout/x", "/etc"})
  void whatIsNotThereIsNotFound(String path) throws Exception {
    assertThat(get("/files/read", "path", path).status()).isEqualTo(404);
    assertThat(get("/files/browse", "path", path).status()).isEqualTo(404);
    assertThat(get("/files/download", "path", path).status()).isEqualTo(404);
  }

  @Test
  void linksWithinTheSandboxAreFollowed() throws Exception {
    Files.createSymbolicLink(sandbox.resolve("in"), Path.of("stdout"));

    assertThat(read("path", "/box/in", "offset", "0"))
        .isEqualTo("200 {\"data\":\"started\\n\",\"offset\":0}");
  }

  @Test
  void oddNamesAreNoHarm() throws Exception {
    Files.createSymbolicLink(sandbox.resolve("loop"), Path.of("loop"));

    assertThat(get("/files/read", "path", "/box/loop").status()).isEqualTo(404);
    assertThat(get("/files/read", "path", "/box/" + "a".repeat(300)).status()).isEqualTo(404);
    assertThat(get("/files/read", "path", "/box/" + "a/".repeat(3000)).status()).isEqualTo(404);
    assertThat(files.find("/box/\0")).isEqualTo(new Found.Missing());
    Files.writeString(sandbox.resolve("a\r\nSet-Cookie: b"), "x");
    Response download = get("/files/download", "path", "/box/a\r\nSet-Cookie: b");
    assertThat(download.headers().get("Content-Disposition"))
        .isEqualTo("attachment; filename=a__Set-Cookie: b");
  }

  // Browsing.

  @Test
  void browsingShowsWhatStatShows() throws Exception {
    Path file = sandbox.resolve("stdout");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1795439943)));
    String user = Files.getOwner(file).getName();

    assertThat(Answer.text(get("/files/browse", "path", "/box/")))
        .isEqualTo(
            ("[{'gid':'%s','mode':'-rw-r--r--','mtime':1795439943.0,'nlink':1,"
                    + "'path':'/box/stdout','size':8,'uid':'%1$s'}]")
                .formatted(user)
                .replace('\'', '"'));
    assertThat(Answer.text(get("/files/browse", "path", "/box/stdout"))).isEqualTo("[]");
  }

  @Test
  void brokenLinksAreLeftOutOfTheList() throws Exception {
    Files.createSymbolicLink(sandbox.resolve("dangling"), Path.of("nowhere"));
    Files.createSymbolicLink(sandbox.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(sandbox.resolve("through"), Path.of("stdout/x"));
    Files.createDirectory(sandbox.resolve("zoo"));

    Found.At at = (Found.At) files.find("/box");
    assertThat(SandboxFiles.browse(at))
        .extracting(Entry::path)
        .containsExactly("/box/stdout", "/box/zoo");
  }

  // Reading.

  @Test
  void readingSaysTheSizeOrTheBytes() throws Exception {
    assertThat(read("path", "/box/stdout", "offset", "-1"))
        .isEqualTo("200 {\"data\":\"\",\"offset\":8}");
    assertThat(read("path", "/box/stdout")).isEqualTo("200 {\"data\":\"\",\"offset\":8}");
    assertThat(read("path", "/box/stdout", "offset", "2", "length", "3"))
        .isEqualTo("200 {\"data\":\"art\",\"offset\":2}");
    assertThat(read("path", "/box/stdout", "offset", "0", "length", "0"))
        .isEqualTo("200 {\"data\":\"\",\"offset\":0}");
    assertThat(read("path", "/box/stdout", "offset", "8"))
        .isEqualTo("200 {\"data\":\"\",\"offset\":8}");
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 1L << 40, Long.MAX_VALUE})
  void beyondTheEndThereIsNothing(long offset) throws Exception {
    assertThat(read("path", "/box/stdout", "offset", "" + offset, "length", "" + Long.MAX_VALUE))
        .isEqualTo("200 {\"data\":\"\",\"offset\":" + offset + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "offset, -2, Negative offset provided: -2.",
    "length, -2, Negative length provided: -2.",
    "offset, x, Failed to parse offset",
    "length, 9223372036854775808, Failed to parse offset or length"
  })
  void numbersThatMakeNoSenseAreRefused(String name, String value, String text) throws Exception {
    assertThat(read("path", "/box/stdout", name, value)).startsWith("400 " + text);
  }

  @Test
  void theWordsOfRefusalsAreMesos() throws Exception {
    assertThat(read()).isEqualTo("400 Expecting 'path=value' in query.\n");
    assertThat(read("path", "")).isEqualTo("400 Expecting 'path=value' in query.\n");
    assertThat(read("path", "/box")).isEqualTo("400 Cannot read a directory.\n");
    assertThat(Answer.text(get("/files/download", "path", "/box")))
        .isEqualTo("Cannot download a directory.\n");
    assertThat(Answer.text(get("/files/debug"))).isEqualTo("{\"/box\":\"" + sandbox + "\"}");
  }

  @Test
  void hugeFilesAreReadPieceByPiece() throws Exception {
    Path huge = sandbox.resolve("huge");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(5L << 30); // Sparse.
      file.seek((5L << 30) - 4);
      file.write("tail".getBytes(UTF_8));
    }

    assertThat(SandboxFiles.read(huge, 0, Long.MAX_VALUE)).hasSize(SandboxFiles.MOST_BYTES_READ);
    assertThat(SandboxFiles.read(huge, (5L << 30) - 4, 100)).asString(UTF_8).isEqualTo("tail");
    assertThat(read("path", "/box/huge")).isEqualTo("200 {\"data\":\"\",\"offset\":5368709120}");
  }

  /** To open a pipe waits for its other end: one task could hold every worker of the agent. */
  @ParameterizedTest
  @ValueSource(strings = {"/files/read", "/files/download"})
  void aPipeIsNoFile(String route) throws Exception {
    Path pipe = sandbox.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(pipe).exists();

    Response response = get(route, "path", "/box/pipe", "offset", "0");
    assertThat(response.status()).isEqualTo(400);
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("no regular file");
  }

  // Downloads of whole small files; large ones are in DownloadIT.

  @ParameterizedTest
  @CsvSource({
    "stdout, application/octet-stream",
    "a.html, text/html",
    "a.b.json, application/json",
    "html, application/octet-stream",
    "a., application/octet-stream"
  })
  void theTypeFollowsTheSuffix(String name, String type) throws Exception {
    Files.writeString(sandbox.resolve(name), "x");
    Response response = get("/files/download", "path", "/box/" + name);

    assertThat(response.headers().get("Content-Type")).isEqualTo(type);
    assertThat(response.headers().get("Content-Disposition"))
        .isEqualTo("attachment; filename=" + name);
    assertThat(Answer.text(response)).isEqualTo("x");
  }
}
