package io.perigee.endpoints;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers in JSON, or as a call of the JavaScript function that {@code ?jsonp=} names. */
public final class JsonAnswers {
  private static final JsonFactory JACKSON = new JsonFactory();

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
      return Response.of(200, "application/json", bytes("", body, ""));
    }
    return FUNCTION.matcher(function).matches()
        ? Response.of(200, "text/javascript", bytes(function + "(", body, ")"))
        : Response.text(400, "Expecting 'jsonp' to be the name of a function");
  }

  /** The JSON alone, in UTF-8. */
  public static byte[] bytes(Body body) {
    return bytes("", body, "");
  }

  private static byte[] bytes(String before, Body body, String after) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(null, 4096);
        JsonGenerator out = JACKSON.createGenerator(bytes)) {
      bytes.write(before.getBytes(StandardCharsets.US_ASCII));
      body.write(out);
      out.flush();
      bytes.write(after.getBytes(StandardCharsets.US_ASCII));
      return bytes.toByteArray();
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
  }
}
