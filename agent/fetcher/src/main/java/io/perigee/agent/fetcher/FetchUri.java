package io.perigee.agent.fetcher;

import io.perigee.mesos.v1.CommandInfo;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One URI of a command, understood. Source: mesos/src/slave/containerizer/fetcher.cpp.
 *
 * @param value as given
 * @param target where in the sandbox it is put, name by name
 * @param shown the URI without user, password, query and fragment: for logs and messages
 */
record FetchUri(
    String value,
    Source source,
    List<String> target,
    String shown,
    boolean isExecutable,
    boolean isExtracted,
    boolean isCached) {

  /** Where the bytes come from. */
  sealed interface Source {
    record LocalFile(Path path) implements Source {}

    record Web(URI uri) implements Source {}
  }

  /** What URIs may not hold, but other clients send as it is. */
  private static final String TO_ENCODE = " \"<>^`{|}[]";

  /**
   * Reads a URI.
   *
   * @throws FetchFailure with Mesos' words where Mesos refuses it too
   */
  static FetchUri of(CommandInfo.URI uri, @Nullable Path frameworksHome) throws FetchFailure {
    String value = uri.getValue().stripLeading();
    String shown = shown(value);
    String name = name(value, shown);
    return new FetchUri(
        value,
        source(value, shown, frameworksHome),
        target(uri.getOutputFile().isEmpty() ? name : uri.getOutputFile(), uri, shown),
        shown,
        uri.getExecutable(),
        uri.getExtract(),
        uri.getCache());
  }

  /** The name that decides how a cached file is unpacked, as in Mesos that of the URI. */
  String name() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  private static String name(String value, String shown) throws FetchFailure {
    if (value.chars().anyMatch(c -> c == '\\' || c == '\'' || c < ' ')) {
      throw new FetchFailure("Illegal characters in URI: " + shown.replaceAll("\\p{Cntrl}", "?"));
    }
    int scheme = value.indexOf("://");
    boolean isPathless = scheme > 0 && value.indexOf('/', scheme + 3) < 0;
    String name = value.substring(value.lastIndexOf('/') + 1);
    if (isPathless || name.isEmpty()) {
      throw new FetchFailure("Malformed URI (missing path): " + shown);
    }
    return name;
  }

  private static List<String> target(String path, CommandInfo.URI uri, String shown)
      throws FetchFailure {
    boolean isGiven = !uri.getOutputFile().isEmpty();
    List<String> names = SandboxTree.names(path);
    if (names.isEmpty() || names.contains("..") || path.startsWith("/") || path.endsWith("/")) {
      throw new FetchFailure(
          isGiven
              ? "output_file '" + path + "' is not a relative path of a file in the sandbox"
              : "Malformed URI (no name of a file): " + shown);
    }
    return names;
  }

  private static Source source(String value, String shown, @Nullable Path frameworksHome)
      throws FetchFailure {
    int end = value.indexOf("://");
    String scheme = end < 0 ? "" : value.substring(0, end).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "" -> local(value, frameworksHome);
      case "file" -> {
        String path = value.substring("file://".length());
        if (path.startsWith("localhost/")) {
          path = path.substring("localhost".length());
        }
        if (!path.startsWith("/")) {
          throw new FetchFailure("File URI only supports absolute paths");
        }
        yield local(path, null);
      }
      case "http", "https" -> new Source.Web(web(value));
      default ->
          throw new FetchFailure(
              "This agent cannot fetch '"
                  + scheme
                  + "' URIs (expected: http, https, file, or a path): "
                  + shown);
    };
  }

  private static Source local(String path, @Nullable Path frameworksHome) throws FetchFailure {
    try {
      if (path.startsWith("/")) {
        return new Source.LocalFile(Path.of(path));
      }
      if (frameworksHome != null) {
        return new Source.LocalFile(frameworksHome.resolve(path));
      }
    } catch (InvalidPathException unusable) {
      throw new FetchFailure("'" + path + "' is no path: " + unusable.getReason(), unusable);
    }
    throw new FetchFailure(
        "A relative path was passed for the resource but the Mesos framework home was not"
            + " specified. Please either provide this config option (--frameworks_home) or avoid"
            + " using a relative path");
  }

  /**
   * An address to download from.
   *
   * @throws FetchFailure if it is none; its text does not repeat the address, which may hold a
   *     password
   */
  static URI web(String value) throws FetchFailure {
    int path = Math.max(0, value.indexOf('/', value.indexOf("://") + 3));
    StringBuilder encoded = new StringBuilder(value.substring(0, path));
    for (char c : value.substring(path).toCharArray()) {
      encoded.append(TO_ENCODE.indexOf(c) < 0 ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    try {
      URI uri = new URI(encoded.toString());
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return scheme.equals(uri.getScheme())
            ? uri
            : new URI(scheme + encoded.substring(scheme.length()));
      }
    } catch (URISyntaxException malformed) {
      // Falls through to the one message for all; its own repeats the address.
    }
    throw new FetchFailure("Malformed URI (expected: http(s)://HOST[:PORT]/PATH): " + shown(value));
  }

  /** A URI without what may be secret in it. Paths are shown as they are. */
  static String shown(String value) {
    int scheme = value.indexOf("://");
    if (scheme < 0) {
      return value;
    }
    int authority = scheme + 3;
    int end = authority;
    while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    int user = value.substring(authority, end).lastIndexOf('@');
    String rest = value.substring(end).replaceFirst("(?s)[?#].*", "");
    return value.substring(0, authority) + value.substring(authority + user + 1, end) + rest;
  }
}
