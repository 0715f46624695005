package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.mesos.v1.FileInfo;
import io.perigee.mesos.v1.TimeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileCallsIT {
  @TempDir Path folder;
  private Path sandbox;
  private FileCalls calls;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Files.createDirectory(folder.resolve("box"));
    Path file = Files.writeString(sandbox.resolve("stdout"), "started\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_795_439_943)));
    Files.createSymbolicLink(sandbox.resolve("zout"), Path.of(".."));
    calls = new FileCalls(new SandboxFiles(() -> Map.of("/box", sandbox)));
  }

  private FileInfo.Builder stdout() throws IOException {
    return FileInfo.newBuilder()
        .setPath("/box/stdout")
        .setNlink(1)
        .setSize(8)
        .setMtime(TimeInfo.newBuilder().setNanoseconds(1_795_439_943_000_000_000L))
        .setMode(0100640)
        .setUid(Files.getOwner(sandbox).getName());
  }

  @Test
  void aDirectoryIsListedWithTheNumbersOfStat() throws IOException {
    FileCalls.Listing listing = calls.list("/box");
    assertThat(listing).isInstanceOf(FileCalls.Listing.Listed.class);
    FileInfo first = ((FileCalls.Listing.Listed) listing).entries().getFirst();
    assertThat(first).isEqualTo(stdout().setGid(first.getGid()).build());
  }

  @Test
  void aFileHasNoEntries() throws IOException {
    assertThat(calls.list("/box/stdout")).isEqualTo(new FileCalls.Listing.Listed(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"/nope,404", "/box/none,404", "/,404", "/box/zout,400"})
  void whatIsNotBelowARootIsRefused(String path, int status) throws IOException {
    assertThat(calls.list(path))
        .isInstanceOfSatisfying(
            FileCalls.Listing.Refused.class,
            refused -> assertThat(refused.response().status()).isEqualTo(status));
    assertThat(calls.read(path, 0, Long.MAX_VALUE))
        .isInstanceOfSatisfying(
            FileCalls.Reading.Refused.class,
            refused -> assertThat(refused.response().status()).isEqualTo(status));
  }

  @Test
  void aDirectoryIsNotRead() throws IOException {
    assertThat(calls.read("/box", 0, 1)).isInstanceOf(FileCalls.Reading.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0,9223372036854775807,'started\n'",
    "3,2,rt",
    "8,5,''",
    "9999,5,''",
    "0,-1,'started\n'",
    "-1,1,''"
  })
  void aPieceComesWithTheSizeOfAll(long offset, long length, String data) throws IOException {
    assertThat(calls.read("/box/stdout", offset, length))
        .isEqualTo(new FileCalls.Reading.Piece(8, ByteString.copyFromUtf8(data)));
  }
}
