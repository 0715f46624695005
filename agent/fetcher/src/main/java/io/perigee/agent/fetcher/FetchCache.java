package io.perigee.agent.fetcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files that were fetched with {@code cache}, each user's own. Who comes second waits for the
 * first one's download. What was used longest ago goes first; what is in use stays, so that the
 * bound can be exceeded by it for a while. Nothing is ever looked up again at its source, as in
 * Mesos. Safe for all threads.
 */
final class FetchCache {
  private static final Logger LOG = LoggerFactory.getLogger(FetchCache.class);

  /** Empty files take no bytes of the bound, but memory. */
  private static final int MOST_FILES = 10_000;

  /** Each user's files are their own: what one may read, another may not. */
  record Key(@Nullable FileOwner owner, String uri) {}

  /** Brings the file. */
  @FunctionalInterface
  interface Source {
    void writeTo(Path file) throws IOException, InterruptedException;
  }

  /** A file that stays until it is closed. */
  final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    Path file() {
      return entry.file;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  /** Guarded by the cache, but for what never changes. */
  private static final class Entry {
    private final Path file;
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private long bytes;
    private int leases;

    private Entry(Path file) {
      this.file = file;
    }
  }

  private final Path directory;
  private final long mostBytes;
  private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long usedBytes;
  private long serial;

  /**
   * @param directory for the agent alone; made if it is not there, emptied if it is
   */
  FetchCache(Path directory, long mostBytes) throws IOException {
    this.directory = directory;
    this.mostBytes = mostBytes;
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    try (var leftOvers = Files.newDirectoryStream(directory, "fetched-*")) {
      for (Path leftOver : leftOvers) {
        Files.deleteIfExists(leftOver);
      }
    }
  }

  /**
   * The file of a key, brought first if it is not there.
   *
   * @throws IOException that {@code source} threw, or one that says that it threw elsewhere
   */
  Lease lease(Key key, Source source) throws IOException, InterruptedException {
    Entry entry;
    boolean isFirst;
    synchronized (this) {
      Entry known = entries.get(key);
      isFirst = known == null;
      entry = known == null ? new Entry(directory.resolve("fetched-" + ++serial)) : known;
      entries.putIfAbsent(key, entry);
      entry.leases++;
    }
    boolean isThere = false;
    try {
      if (isFirst) {
        load(key, entry, source);
      } else {
        entry.loaded.get();
      }
      isThere = true;
      return new Lease(entry);
    } catch (CancellationException | ExecutionException elsewhere) {
      throw new FetchFailure("another fetch of it failed", elsewhere);
    } finally {
      if (!isThere) {
        release(entry);
      }
    }
  }

  private void load(Key key, Entry entry, Source source) throws IOException, InterruptedException {
    boolean isLoaded = false;
    try {
      source.writeTo(entry.file);
      long bytes = Files.size(entry.file);
      synchronized (this) {
        entry.bytes = bytes;
        usedBytes += bytes;
      }
      isLoaded = true;
      entry.loaded.complete(null);
    } finally {
      if (!isLoaded) {
        synchronized (this) {
          entries.remove(key, entry);
        }
        entry.loaded.cancel(false);
        Files.deleteIfExists(entry.file);
      }
    }
  }

  private synchronized void release(Entry entry) {
    entry.leases--;
    var eldest = entries.entrySet().iterator();
    while (eldest.hasNext() && (usedBytes > mostBytes || entries.size() > MOST_FILES)) {
      Map.Entry<Key, Entry> candidate = eldest.next();
      if (candidate.getValue().leases == 0) {
        eldest.remove();
        usedBytes -= candidate.getValue().bytes;
        delete(candidate.getValue().file);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot delete {}: {}", file, e.toString());
    }
  }

  long mostBytes() {
    return mostBytes;
  }

  synchronized long usedBytes() {
    return usedBytes;
  }
}
