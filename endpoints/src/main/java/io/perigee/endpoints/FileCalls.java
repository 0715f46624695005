package io.perigee.endpoints;

import com.google.protobuf.ByteString;
import io.perigee.endpoints.SandboxFiles.Found;
import io.perigee.mesos.v1.FileInfo;
import io.perigee.mesos.v1.TimeInfo;
import io.perigee.net.http.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The calls LIST_FILES and READ_FILE of both operator APIs. Blocks; safe for all threads. Source:
 * mesos/src/files/files.cpp; statuses as in Http::listFiles of mesos/src/master/http.cpp.
 */
public final class FileCalls {
  private final SandboxFiles files;

  public FileCalls(SandboxFiles files) {
    this.files = files;
  }

  /** What came of LIST_FILES. */
  public sealed interface Listing {
    /**
     * @param entries sorted by path; none for a file
     */
    record Listed(List<FileInfo> entries) implements Listing {}

    record Refused(Response response) implements Listing {}
  }

  /** What came of READ_FILE. */
  public sealed interface Reading {
    /**
     * @param size of the whole file, bytes
     */
    record Piece(long size, ByteString data) implements Reading {}

    record Refused(Response response) implements Reading {}
  }

  public Listing list(String path) throws IOException {
    return switch (files.find(path)) {
      case Found.At at ->
          new Listing.Listed(SandboxFiles.browse(at).stream().map(FileCalls::info).toList());
      case Found.Missing missing -> new Listing.Refused(FilesRoutes.refusal(missing));
      case Found.Outside outside -> new Listing.Refused(FilesRoutes.refusal(outside));
    };
  }

  private static FileInfo info(SandboxFiles.Entry entry) {
    return FileInfo.newBuilder()
        .setPath(entry.path())
        .setNlink(entry.nlink())
        .setSize(entry.size())
        .setMtime(
            TimeInfo.newBuilder().setNanoseconds(TimeUnit.SECONDS.toNanos(entry.mtimeSeconds())))
        .setMode(entry.mode())
        .setUid(entry.uid())
        .setGid(entry.gid())
        .build();
  }

  /**
   * Reads at most {@link SandboxFiles#MOST_BYTES_READ}.
   *
   * @param offset an unsigned 64-bit number, as {@code length}: beyond the end nothing is read
   * @param length {@link Long#MAX_VALUE} for as much as is read at once
   */
  public Reading read(String path, long offset, long length) throws IOException {
    Found found = files.find(path);
    if (!(found instanceof Found.At at)) {
      return new Reading.Refused(FilesRoutes.refusal(found));
    }
    if (!Files.isRegularFile(at.path())) {
      return new Reading.Refused(FilesRoutes.notReadable(at, "read"));
    }
    byte[] data =
        SandboxFiles.read(
            at.path(), offset < 0 ? Long.MAX_VALUE : offset, length < 0 ? Long.MAX_VALUE : length);
    return new Reading.Piece(Files.size(at.path()), ByteString.copyFrom(data));
  }
}
