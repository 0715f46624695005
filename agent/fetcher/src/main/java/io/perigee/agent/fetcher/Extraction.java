package io.perigee.agent.fetcher;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks one archive of a stranger into a sandbox. Whatever it holds, nothing is made outside of
 * the sandbox, nothing is written through a link, no device or pipe is made, and it ends within
 * bounds. Links are made as the archive has them, wherever they point: the task could make the same
 * ones. Runs on one thread; an interrupt ends it.
 */
final class Extraction {
  /**
   * What an archive may become.
   *
   * @param entries in all
   * @param bytes of contents, for every archive however small it is
   * @param growth larger archives may have so many times their own size
   */
  record Bounds(int entries, long bytes, int growth) {
    /**
     * Kernel sources have 90,000 files, large environments of Python 300,000. Programs shrink to a
     * third, logs to a fiftieth.
     */
    static final Bounds USUAL = new Bounds(1_000_000, 1L << 30, 200);
  }

  /** xz -9 needs 65 MiB; the agent's whole heap is 256 MiB. */
  private static final int MOST_XZ_KIB = 72 * 1024;

  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int OWNER_READS_WRITES_ENTERS = 0700;

  private static final List<String> ARCHIVES =
      List.of(".tar", ".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".zip");

  private final SandboxTree tree;
  private final Bounds bounds;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long allowanceBytes;
  private int entries;

  private Extraction(SandboxTree tree, Bounds bounds, long archiveBytes) {
    this.tree = tree;
    this.bounds = bounds;
    this.allowanceBytes =
        Math.max(bounds.bytes(), Math.multiplyExact(archiveBytes, bounds.growth()));
  }

  /** Whether a file of that name is unpacked: Mesos looks at nothing but its end. */
  static boolean isFor(String name) {
    return name.endsWith(".gz") || ARCHIVES.stream().anyMatch(name::endsWith);
  }

  /**
   * Unpacks a file into the sandbox. The file stays; what was unpacked before a failure too.
   *
   * @param name of which the end says what it is. How an archive is packed is seen from its first
   *     bytes, as libarchive does for Mesos
   */
  static void extract(Path file, String name, SandboxTree tree, Bounds bounds) throws IOException {
    try {
      Extraction extraction = new Extraction(tree, bounds, Files.size(file));
      if (ARCHIVES.stream().anyMatch(name::endsWith)) {
        extraction.unpack(file, name.endsWith(".zip"));
      } else {
        extraction.gunzip(file, name.substring(0, name.length() - ".gz".length()));
      }
    } catch (IOException | RuntimeException | OutOfMemoryError bad) {
      // The libraries throw many kinds of exceptions at archives that were made to break them.
      Throwable first = bad; // The libraries wrap what says more.
      while (first.getCause() != null) {
        first = first.getCause();
      }
      throw new FetchFailure("Failed to extract the archive: " + FetchFailure.why(first), bad);
    }
  }

  private void unpack(Path file, boolean isNamedZip) throws IOException {
    if (isNamedZip || Magic.of(file) == Magic.ZIP) {
      ZipArchive.unpack(file, this);
    } else {
      try (InputStream in = open(file)) {
        TarArchive.unpack(in, this);
      }
    }
  }

  private void gunzip(Path file, String name) throws IOException {
    try (InputStream in = new GZIPInputStream(buffered(file), BUFFER_BYTES)) {
      write(in, tree.place(List.of(name.substring(name.lastIndexOf('/') + 1))));
    }
  }

  private static InputStream open(Path file) throws IOException {
    return switch (Magic.of(file)) {
      case GZIP -> new GZIPInputStream(buffered(file), BUFFER_BYTES);
      case BZIP2 -> new BZip2CompressorInputStream(buffered(file), true);
      case XZ -> new XZInputStream(buffered(file), MOST_XZ_KIB);
      case ZIP, NONE -> buffered(file);
    };
  }

  private static InputStream buffered(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  /** Counts an entry before anything is made of it. */
  List<String> begin(String name) throws FetchFailure {
    if (++entries > bounds.entries()) {
      throw new FetchFailure("it has more than " + bounds.entries() + " entries");
    }
    return SandboxTree.names(name);
  }

  void directory(List<String> names, int mode) throws IOException {
    Path directory = tree.directory(names);
    if (!names.isEmpty()) { // The sandbox itself is not the archive's.
      // Its files are still to come, and somebody has to delete it in the end.
      SandboxTree.setMode(directory, mode | OWNER_READS_WRITES_ENTERS);
    }
  }

  /** Makes a file of what {@code in} has, which stays open. */
  Path file(List<String> names, InputStream in, int mode) throws IOException {
    Path file = tree.place(names);
    write(in, file);
    SandboxTree.setMode(file, mode);
    return file;
  }

  void symbolicLink(List<String> names, String target) throws IOException {
    Files.createSymbolicLink(tree.place(names), Path.of(target));
  }

  void hardLink(List<String> names, List<String> target) throws IOException {
    Path existing = tree.existing(target);
    Path link = tree.place(names);
    if (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchFailure(SandboxTree.shown(names) + ": is a link to itself");
    }
    Files.createLink(link, existing);
  }

  private void write(InputStream in, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        allowanceBytes -= n;
        if (allowanceBytes < 0) {
          throw new FetchFailure(
              "it unpacks to more than "
                  + bounds.bytes()
                  + " bytes and more than "
                  + bounds.growth()
                  + " times its size");
        }
        out.write(buffer, 0, n);
      }
    }
  }
}
