package io.perigee.agent.fetcher;

import io.perigee.net.client.Call;
import io.perigee.net.client.ClientRequest;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.http.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Downloads over HTTP as curl does for Mesos: redirects are followed, a user and password in the
 * URI are sent with Basic authentication, and to nobody but the host they were meant for. Blocks;
 * an interrupt ends it. Safe for all threads.
 */
final class Download {
  /** As many as browsers take; none that is meant needs more. */
  static final int MOST_REDIRECTS = 20;

  private final HttpClient client;

  Download(HttpClient client) {
    this.client = client;
  }

  /**
   * Makes a file of what is at an address.
   *
   * @param to nothing is there; nothing is left there after a failure
   */
  void run(URI from, Path to) throws IOException, InterruptedException {
    URI at = from;
    String secret = from.getRawUserInfo();
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      URI next = get(at, secret, to);
      if (next == null) {
        return;
      }
      if (next.getRawUserInfo() != null || !isSameOrigin(at, next)) {
        secret = next.getRawUserInfo();
      }
      at = next;
    }
    throw new FetchFailure(
        "Error downloading resource: more than " + MOST_REDIRECTS + " redirects");
  }

  /** Null if the file is there, else where to look for it. */
  private @Nullable URI get(URI at, @Nullable String secret, Path to)
      throws IOException, InterruptedException {
    ClientRequest request = ClientRequest.get(at).with("Accept", "*/*");
    BodyQueue body = new BodyQueue();
    Call call =
        client.stream(
            secret == null ? request : request.with("Authorization", basic(secret)), body);
    try {
      BodyQueue.Head head = body.head();
      return switch (head.status()) {
        case 200 -> {
          write(head.headers(), body, to);
          yield null;
        }
        case 301, 302, 303, 307, 308 -> redirect(at, head);
        default ->
            throw new FetchFailure(
                "Error downloading resource, received HTTP return code " + head.status());
      };
    } catch (HttpFailure failed) {
      throw new FetchFailure("Error downloading resource: " + failed.getMessage(), failed);
    } finally {
      call.cancel(); // Nothing, if it is over.
    }
  }

  private static String basic(String userInfo) {
    // In a query a plus sign is a space; here it is a plus sign.
    String plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static URI redirect(URI at, BodyQueue.Head head) throws FetchFailure {
    String location = head.headers().get("Location");
    try {
      if (location != null) {
        return FetchUri.web(at.resolve(location.strip().replace(" ", "%20")).toString());
      }
    } catch (IllegalArgumentException malformed) {
      // Its text repeats the address, which may hold secrets.
    }
    throw new FetchFailure(
        "Error downloading resource: HTTP return code " + head.status() + " leads nowhere");
  }

  private static boolean isSameOrigin(URI a, URI b) {
    return Objects.equals(a.getScheme(), b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  private static void write(Headers headers, BodyQueue body, Path to)
      throws IOException, InterruptedException {
    checkSpace(headers, to);
    boolean isWhole = false;
    try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      for (byte[] piece = body.next(); piece != null; piece = body.next()) {
        out.write(piece);
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        Files.deleteIfExists(to);
      }
    }
  }

  private static void checkSpace(Headers headers, Path to) throws IOException {
    String length = headers.get("Content-Length");
    long free = Files.getFileStore(to.getParent()).getUsableSpace();
    if (length != null && Long.parseLong(length) > free) {
      throw new FetchFailure(
          "Error downloading resource: "
              + length
              + " bytes do not fit on the disk, which has "
              + free
              + " left");
    }
  }
}
