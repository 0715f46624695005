package io.perigee.agent.fetcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads tar: ustar, GNU and PAX. */
final class TarArchive {
  /** For all headers of one entry; names of 4096 bytes and some attributes need a hundredth. */
  private static final int MOST_HEADER_BYTES = 1 << 20;

  private TarArchive() {}

  /**
   * @param unpacked closed by its owner
   */
  static void unpack(InputStream unpacked, Extraction to) throws IOException {
    BoundedInput bounded = new BoundedInput(unpacked);
    TarArchiveInputStream tar = new TarArchiveInputStream(bounded, StandardCharsets.UTF_8.name());
    while (true) {
      bounded.allow(MOST_HEADER_BYTES);
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null) {
        return;
      }
      bounded.allow(Long.MAX_VALUE); // Contents are counted when they are written.
      put(entry, tar, to);
    }
  }

  private static void put(TarArchiveEntry entry, TarArchiveInputStream tar, Extraction to)
      throws IOException {
    List<String> names = to.begin(entry.getName());
    if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      throw new FetchFailure(SandboxTree.shown(names) + ": is a device or pipe");
    } else if (entry.isDirectory()) {
      to.directory(names, entry.getMode());
    } else if (entry.isSymbolicLink()) {
      to.symbolicLink(names, entry.getLinkName());
    } else if (entry.isLink()) {
      to.hardLink(names, SandboxTree.names(entry.getLinkName()));
    } else if (entry.isFile() && tar.canReadEntryData(entry)) {
      Path file = to.file(names, tar, entry.getMode());
      Files.setLastModifiedTime(file, entry.getLastModifiedTime());
    } else {
      throw new FetchFailure(SandboxTree.shown(names) + ": is of an unknown kind");
    }
  }
}
