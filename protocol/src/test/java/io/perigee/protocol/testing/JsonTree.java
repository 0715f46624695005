package io.perigee.protocol.testing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON as maps, lists, texts, booleans and numbers, for assertions. */
public final class JsonTree {
  private JsonTree() {}

  /** The value of a document; {@code null} is an empty Optional, a map keeps the order of keys. */
  public static Object parse(byte[] json) {
    try (JsonParser in = new JsonFactory().createParser(json)) {
      in.nextToken();
      return value(in);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static Object value(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String key = in.currentName();
          in.nextToken();
          object.put(key, value(in));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(in));
        }
        yield array;
      }
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> in.getBigIntegerValue();
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> in.getBooleanValue();
      default -> Optional.empty();
    };
  }
}
