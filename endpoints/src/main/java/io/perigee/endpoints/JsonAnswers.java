package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers in JSON, or as a call of the JavaScript function that {@code ?jsonp=} names. */
public final class JsonAnswers {
  private static final String JSON = "application/json";
  private static final String JAVASCRIPT = "text/javascript";

  /** A document may be one of several things that are written to a stream. */
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .build();

  /** What a browser could be made to run must be a name and nothing more. */
  private static final Pattern FUNCTION = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.\\[\\]]{0,200}");

  private JsonAnswers() {}

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  /** 200 with a body, as JSON or JSONP; 400 if the function's name is none. */
  public static Response of(Request request, Body body) {
    return of(request.query("jsonp"), body);
  }

  /** As {@link #of}, for a body that writes the fields of one object. */
  public static Response ofObject(Request request, Body fields) {
    return of(
        request,
        out -> {
          out.writeStartObject();
          fields.write(out);
          out.writeEndObject();
        });
  }

  private static Response of(@Nullable String function, Body body) {
    if (function == null) {
      return Response.of(200, JSON, bytes("", body, ""));
    }
    return FUNCTION.matcher(function).matches()
        ? Response.of(200, JAVASCRIPT, bytes(function + "(", body, ")"))
        : noFunction();
  }

  private static Response noFunction() {
    return Response.text(400, "Expecting 'jsonp' to be the name of a function");
  }

  /** Writes one JSON value from a snapshot. */
  @FunctionalInterface
  public interface SnapshotBody<S> {
    void write(S snapshot, JsonGenerator out) throws IOException;
  }

  /**
   * As {@link #of}, rendered once for all who ask for it now.
   *
   * @param parameters of the query that make a difference, besides {@code jsonp}
   */
  public static <S> void share(
      SharedAnswers<S> answers,
      Request request,
      List<String> parameters,
      SnapshotBody<S> body,
      Responder to) {
    String function = request.query("jsonp");
    if (function != null && !FUNCTION.matcher(function).matches()) {
      to.respond(noFunction());
      return;
    }
    StringBuilder name = new StringBuilder(request.route()).append(part(function));
    for (String parameter : parameters) {
      name.append(part(request.query(parameter)));
    }
    answers.answer(
        request,
        name.toString(),
        function == null ? JSON : JAVASCRIPT,
        (snapshot, out) ->
            write(
                function == null ? "" : function + "(",
                json -> body.write(snapshot, json),
                function == null ? "" : ")",
                out),
        to);
  }

  /** Parts cannot be mistaken for others: a request with a NUL in it is malformed. */
  private static String part(@Nullable String value) {
    return value == null ? "\0" : "\0=" + value;
  }

  /** The JSON alone, in UTF-8. */
  public static byte[] bytes(Body body) {
    return bytes("", body, "");
  }

  private static byte[] bytes(String before, Body body, String after) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(null, 4096)) {
      write(before, body, after, bytes);
      return bytes.toByteArray();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }

  private static void write(String before, Body body, String after, OutputStream out)
      throws IOException {
    out.write(before.getBytes(StandardCharsets.US_ASCII));
    try (JsonGenerator json = JACKSON.createGenerator(out)) {
      body.write(json);
    }
    out.write(after.getBytes(StandardCharsets.US_ASCII));
  }
}
