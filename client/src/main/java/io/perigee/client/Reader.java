package io.perigee.client;

import com.fasterxml.jackson.jr.ob.JSON;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.ClientResponse;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Reads JSON from a daemon. Blocks: for command line tools and virtual threads. */
public final class Reader {
  private final HttpClient http;
  private final URI base;

  /**
   * @param base such as {@code http://127.0.0.1:5050}
   */
  public Reader(HttpClient http, URI base) {
    this.http = http;
    this.base = base;
  }

  public URI base() {
    return base;
  }

  /**
   * GETs a path.
   *
   * @param parameters of the query, in order
   * @return objects as maps, arrays as lists, numbers as Integer, Long or Double
   * @throws IOException if there is no answer of status 200; an {@link HttpFailure} if there is
   *     none at all
   */
  public Object get(String path, Map<String, String> parameters)
      throws IOException, InterruptedException {
    ClientResponse response = send(ClientRequest.get(base.resolve(path + query(parameters))));
    if (response.status() != 200) {
      throw new IOException(
          base + path + " answers " + response.status() + ": " + response.text().strip());
    }
    return JSON.std.anyFrom(response.body());
  }

  /** POSTs a body and returns the answer, whatever its status. */
  public ClientResponse post(String path, String contentType, byte[] body)
      throws IOException, InterruptedException {
    return send(ClientRequest.post(base.resolve(path), contentType, body));
  }

  /**
   * A piece of a file from an offset on, as the agents' {@code /files/download} gives it.
   *
   * @return status 206 and at least one byte; or 416 if the file ends there
   */
  public ClientResponse bytes(String endpoint, String path, long offset)
      throws IOException, InterruptedException {
    URI uri = base.resolve(endpoint + query(Map.of("path", path)));
    return send(ClientRequest.get(uri).with("Range", "bytes=" + offset + "-"));
  }

  /** How many bytes a file has, as the agents' {@code /files/read} tells it. */
  public long size(String endpoint, String path) throws IOException, InterruptedException {
    Object answer = get(endpoint, Map.of("path", path, "offset", "-1"));
    return answer instanceof Map<?, ?> map && map.get("offset") instanceof Number size
        ? size.longValue()
        : 0;
  }

  private ClientResponse send(ClientRequest request) throws IOException, InterruptedException {
    try {
      return http.send(request).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }

  private static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach((name, value) ->
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }
}
