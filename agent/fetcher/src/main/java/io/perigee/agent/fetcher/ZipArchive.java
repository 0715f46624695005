package io.perigee.agent.fetcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Reads zip by its directory, which alone knows permissions and links. */
final class ZipArchive {
  /**
   * The library keeps the directory in memory, ten times as large: this is for about 80,000 files,
   * and leaves the agent's heap of 256 MiB alive.
   */
  private static final int MOST_DIRECTORY_BYTES = 8 << 20;

  /** Longer than any path that Linux takes. */
  private static final int MOST_LINK_BYTES = 4096;

  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private ZipArchive() {}

  static void unpack(Path file, Extraction to) throws IOException {
    try (BoundedChannel channel = new BoundedChannel(FileChannel.open(file))) {
      channel.allow(MOST_DIRECTORY_BYTES);
      try (ZipFile zip =
          ZipFile.builder().setSeekableByteChannel(channel).setIgnoreLocalFileHeader(true).get()) {
        channel.allow(Long.MAX_VALUE); // Contents are counted when they are written.
        Enumeration<ZipArchiveEntry> entries = zip.getEntriesInPhysicalOrder();
        while (entries.hasMoreElements()) {
          put(zip, entries.nextElement(), to);
        }
      }
    }
  }

  private static void put(ZipFile zip, ZipArchiveEntry entry, Extraction to) throws IOException {
    List<String> names = to.begin(entry.getName());
    int mode = entry.getUnixMode() & 0777; // 0 if it was packed where there are none.
    if (entry.isDirectory()) {
      to.directory(names, mode == 0 ? DIRECTORY_MODE : mode);
      return;
    }
    try (InputStream in = zip.getInputStream(entry)) {
      if (entry.isUnixSymlink()) {
        to.symbolicLink(names, new String(in.readNBytes(MOST_LINK_BYTES), StandardCharsets.UTF_8));
      } else {
        to.file(names, in, mode == 0 ? FILE_MODE : mode);
      }
    }
  }

  /** As {@link BoundedInput}, for a file that is read here and there. */
  private static final class BoundedChannel implements SeekableByteChannel {
    private final FileChannel file;
    private long leftBytes;

    private BoundedChannel(FileChannel file) {
      this.file = file;
    }

    void allow(long bytes) {
      leftBytes = bytes;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      int count = file.read(to);
      leftBytes -= Math.max(0, count);
      if (leftBytes < 0) {
        throw new FetchFailure("its directory is longer than " + MOST_DIRECTORY_BYTES + " bytes");
      }
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException("for reading");
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException("for reading");
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
