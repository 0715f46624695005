package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonGenerator;
import io.perigee.endpoints.SandboxFiles.Found;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import io.perigee.protocol.json.MesosJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /files/browse}, {@code /files/read}, {@code /files/download}, {@code /files/debug}.
 * Source: mesos/src/files/files.cpp.
 */
public final class FilesRoutes {
  /** Large downloads at once; each holds a thread and half a megabyte. */
  private static final int MOST_DOWNLOADS = 64;

  /** A reader that takes less than about 4 kB/s all this time is gone for all we know. */
  private static final Duration STALL_TIME = Duration.ofSeconds(30);

  private static final String DEFAULT_TYPE = "application/octet-stream";

  /** By suffix, as in libprocess' mime.hpp: what browsers show rather than save. */
  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css",
          "gif", "image/gif",
          "html", "text/html",
          "jpg", "image/jpeg",
          "js", "text/javascript",
          "json", "application/json",
          "png", "image/png",
          "svg", "image/svg+xml",
          "txt", "text/plain",
          "xml", "text/xml");

  /** One range with a beginning, as RFC 9110 section 14.1.2; of others the whole file is sent. */
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

  private final SandboxFiles files;
  private final Downloads downloads;

  public FilesRoutes(SandboxFiles files) {
    this(files, new Downloads(MOST_DOWNLOADS, STALL_TIME));
  }

  FilesRoutes(SandboxFiles files, Downloads downloads) {
    this.files = files;
    this.downloads = downloads;
  }

  public List<Route> routes() {
    return List.of(
        Route.onWorker("/files/browse", (request, to) -> to.respond(browse(request))),
        Route.onWorker("/files/read", (request, to) -> to.respond(read(request))),
        Route.onWorker("/files/download", this::download),
        Route.onWorker("/files/debug", (request, to) -> to.respond(debug(request))));
  }

  private static Response missingPath() {
    return Response.text(400, "Expecting 'path=value' in query.\n");
  }

  /** To open a pipe waits for its other end, and a device may have no end: only files are read. */
  static Response notReadable(Found.At at, String verb) {
    return Response.text(
        400,
        Files.isDirectory(at.path())
            ? "Cannot " + verb + " a directory.\n"
            : "'" + at.virtual() + "' is no regular file");
  }

  static Response refusal(Found found) {
    return switch (found) {
      case Found.Outside outside ->
          Response.text(400, "'" + outside.virtual() + "' is inaccessible");
      case Found.Missing missing -> Response.text(404, "");
      case Found.At at -> throw new IllegalStateException("found: " + at);
    };
  }

  Response browse(Request request) throws IOException {
    String path = request.query("path");
    if (path == null || path.isEmpty()) {
      return missingPath();
    }
    Found found = files.find(path);
    if (!(found instanceof Found.At at)) {
      return refusal(found);
    }
    List<SandboxFiles.Entry> entries = SandboxFiles.browse(at);
    return JsonAnswers.of(
        request,
        out -> {
          out.writeStartArray();
          for (SandboxFiles.Entry entry : entries) {
            write(entry, out);
          }
          out.writeEndArray();
        });
  }

  private static void write(SandboxFiles.Entry entry, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("gid", entry.gid());
    out.writeStringField("mode", entry.modeText());
    out.writeFieldName("mtime");
    MesosJson.writeNumber((double) entry.mtimeSeconds(), out);
    out.writeNumberField("nlink", entry.nlink());
    out.writeStringField("path", entry.path());
    out.writeNumberField("size", entry.size());
    out.writeStringField("uid", entry.uid());
    out.writeEndObject();
  }

  Response read(Request request) throws IOException {
    String path = request.query("path");
    if (path == null || path.isEmpty()) {
      return missingPath();
    }
    long offset;
    long length;
    try {
      offset = number(request.query("offset"));
      length = number(request.query("length"));
    } catch (NumberFormatException malformed) {
      return Response.text(
          400, "Failed to parse offset or length: " + malformed.getMessage() + ".\n");
    }
    if (offset < -1) {
      return Response.text(400, "Negative offset provided: " + offset + ".\n");
    }
    if (length < -1) {
      return Response.text(400, "Negative length provided: " + length + ".\n");
    }
    Found found = files.find(path);
    if (!(found instanceof Found.At at)) {
      return refusal(found);
    }
    if (!Files.isRegularFile(at.path())) {
      return notReadable(at, "read");
    }
    long size = Files.size(at.path());
    boolean asksForSize = offset == -1;
    byte[] data =
        asksForSize
            ? new byte[0]
            : SandboxFiles.read(at.path(), offset, length == -1 ? Long.MAX_VALUE : length);
    return JsonAnswers.of(
        request,
        out -> {
          out.writeStartObject();
          out.writeStringField("data", new String(data, StandardCharsets.UTF_8));
          out.writeNumberField("offset", asksForSize ? size : offset);
          out.writeEndObject();
        });
  }

  private static long number(@Nullable String text) {
    return text == null || text.isEmpty() ? -1 : Long.parseLong(text);
  }

  void download(Request request, Responder to) throws IOException {
    String path = request.query("path");
    if (path == null || path.isEmpty()) {
      to.respond(missingPath());
      return;
    }
    Found found = files.find(path);
    if (!(found instanceof Found.At at)) {
      to.respond(refusal(found));
      return;
    }
    if (!Files.isRegularFile(at.path())) {
      to.respond(notReadable(at, "download"));
      return;
    }
    String range = request.headers().get("Range");
    Matcher wanted = RANGE.matcher(range == null ? "" : range);
    if (wanted.matches()) {
      to.respond(part(at.path(), wanted));
      return;
    }
    String name = String.valueOf(at.path().getFileName());
    Headers headers =
        Headers.of(
            "Content-Disposition",
            "attachment; filename=" + headerText(name),
            "Content-Type",
            type(name));
    long size = Files.size(at.path());
    if (size > Downloads.PIECE_BYTES) {
      downloads.begin(at.path(), size, headers, to);
      return;
    }
    try (InputStream in = SandboxFiles.open(at.path())) {
      to.respond(new Response(200, headers, in.readNBytes((int) size)));
    }
  }

  /** Bytes from an offset on: how logs are followed, also where characters span two answers. */
  private static Response part(Path file, Matcher range) throws IOException {
    long from = Long.parseLong(range.group(1));
    long to = range.group(2).isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(range.group(2));
    byte[] bytes = from <= to ? SandboxFiles.read(file, from, to - from + 1) : new byte[0];
    if (bytes.length == 0) {
      return new Response(416, Headers.of("Content-Range", "bytes */" + Files.size(file)), bytes);
    }
    long size = Math.max(Files.size(file), from + bytes.length); // It grows, or was cut.
    String found = "bytes %d-%d/%d".formatted(from, from + bytes.length - 1, size);
    return new Response(
        206, Headers.of("Content-Range", found, "Content-Type", DEFAULT_TYPE), bytes);
  }

  private static String type(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? DEFAULT_TYPE : TYPES.getOrDefault(name.substring(dot + 1), DEFAULT_TYPE);
  }

  /** A file's name may hold what a header may not. */
  private static String headerText(String name) {
    return name.replaceAll("[^\\x20-\\x7E]", "_");
  }

  Response debug(Request request) {
    return JsonAnswers.of(
        request,
        out -> {
          out.writeStartObject();
          for (Map.Entry<String, Path> root : files.roots().entrySet()) {
            out.writeStringField(root.getKey(), root.getValue().toString());
          }
          out.writeEndObject();
        });
  }
}
