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
