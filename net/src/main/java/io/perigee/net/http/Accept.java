package io.perigee.net.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client accepts: the Accept or Accept-Encoding header (RFC 9110, section 12.5). An absent
 * or empty Accept accepts everything; malformed elements are skipped.
 */
public final class Accept {
  private final List<Range> ranges;
  private final boolean anything;

  private record Range(String value, double quality) {}

  private Accept(List<Range> ranges, boolean anything) {
    this.ranges = ranges;
    this.anything = anything;
  }

  /** Reads {@link Headers#list}'s result. */
  public static Accept parse(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return new Accept(List.of(), true);
    }
    List<Range> ranges = new ArrayList<>();
    for (String element : header.split(",", -1)) {
      String[] parts = element.split(";", -1);
      String value = parts[0].strip().toLowerCase(Locale.ROOT);
      double quality = quality(parts);
      if (!value.isEmpty() && quality >= 0) {
        ranges.add(new Range(value, quality));
      }
    }
    return new Accept(ranges, false);
  }

  /** Between 0 and 1; 1 if absent, -1 if malformed. */
  private static double quality(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        String text = parameter.substring(2).strip();
        return text.matches("[01](\\.\\d{0,3})?") ? Math.min(1, Double.parseDouble(text)) : -1;
      }
    }
    return 1;
  }

  /**
   * The first of {@code offered} that is acceptable: the order is the server's preference, a
   * quality only says yes (above 0) or no. That is Mesos' rule, by which JSON wins whenever it is
   * acceptable. Null if none is.
   */
  public @Nullable String choose(String... offered) {
    for (String mediaType : offered) {
      if (allows(mediaType)) {
        return mediaType;
      }
    }
    return null;
  }

  /** The most specific range that matches decides: {@code application/json;q=0, *}{@code /*}. */
  public boolean allows(String mediaType) {
    String type = mediaType.substring(0, mediaType.indexOf('/'));
    for (String range : List.of(mediaType, type + "/*", "*/*")) {
      for (Range candidate : ranges) {
        if (candidate.value.equals(range)) {
          return candidate.quality > 0;
        }
      }
    }
    return anything;
  }

  /** True if the header names the token itself (no wildcard) with a quality above 0. */
  public boolean lists(String token) {
    return ranges.stream().anyMatch(range -> range.value.equals(token) && range.quality > 0);
  }
}
