package io.perigee.agent.fetcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How a file is packed, by its first bytes. */
enum Magic {
  GZIP("\u001f\u008b"),
  BZIP2("BZh"),
  XZ("\u00fd7zXZ\0"),
  ZIP("PK"),
  NONE("");

  private static final int LONGEST = 6;
  private final String first;

  Magic(String first) {
    this.first = first;
  }

  static Magic of(Path file) throws IOException {
    String begin;
    try (InputStream in = Files.newInputStream(file)) {
      begin = new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
    }
    return Arrays.stream(values()).filter(m -> begin.startsWith(m.first)).findFirst().orElse(NONE);
  }
}
