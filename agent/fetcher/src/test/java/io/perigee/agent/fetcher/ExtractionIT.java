package io.perigee.agent.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.common.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Archives as they should be, and as an attacker would make them. */
class ExtractionIT {
  private static final Extraction.Bounds BOUNDS = new Extraction.Bounds(300, 1 << 20, 20);

  @TempDir Path folder;
  private Path sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = Files.createDirectory(folder.resolve("sandbox"));
  }

  private void extract(String name, byte[] archive) throws IOException {
    Path file = Files.write(folder.resolve(name), archive);
    Extraction.extract(file, name, new SandboxTree(sandbox), BOUNDS);
  }

  private interface Content<T> {
    void addTo(T out) throws IOException;
  }

  private static byte[] tar(Content<TarArchiveOutputStream> content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      content.addTo(out);
    }
    return bytes.toByteArray();
  }

  /** Names as they are: the library would take leading slashes off. */
  private static TarArchiveEntry entry(String name, byte type) {
    return new TarArchiveEntry(name, type, true);
  }

  private static void file(TarArchiveOutputStream out, String name, String text, int mode)
      throws IOException {
    TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    entry.setSize(bytes.length);
    entry.setMode(mode);
    out.putArchiveEntry(entry);
    out.write(bytes);
    out.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream out, String name, String target, byte type)
      throws IOException {
    TarArchiveEntry entry = entry(name, type);
    entry.setLinkName(target);
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }

  private static void softLink(TarArchiveOutputStream out, String name, String target)
      throws IOException {
    link(out, name, target, TarConstants.LF_SYMLINK);
  }

  private static byte[] zip(Content<ZipArchiveOutputStream> content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
      content.addTo(out);
    }
    return bytes.toByteArray();
  }

  private static void file(ZipArchiveOutputStream out, String name, String text, int mode)
      throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    if (mode != 0) {
      entry.setUnixMode(mode);
    }
    out.putArchiveEntry(entry);
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.closeArchiveEntry();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }

  private static byte[] usual() throws IOException {
    return tar(out -> {
      TarArchiveEntry top = entry("./", TarConstants.LF_DIR);
      top.setMode(0777);
      out.putArchiveEntry(top);
      out.closeArchiveEntry();
      TarArchiveEntry directory = entry("d/", TarConstants.LF_DIR);
      directory.setMode(0500);
      out.putArchiveEntry(directory);
      out.closeArchiveEntry();
      file(out, "./d/run", "program", 04755);
      file(out, "/absolute", "text", 0640);
      softLink(out, "d/link", "../absolute");
      link(out, "d/hard", "./d/run", TarConstants.LF_LINK);
    });
  }

  private static byte[] packed(String how, byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (how) {
          case "gz" -> new GZIPOutputStream(bytes);
          case "bz2" -> new BZip2CompressorOutputStream(bytes);
          case "xz" -> new XZOutputStream(bytes, new LZMA2Options());
          default -> bytes;
        }) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.tar",
        "a.tgz gz",
        "a.tar.gz gz",
        "a.tbz2 bz2",
        "a.tar.bz2 bz2",
        "a.txz xz",
        "a.tar.xz xz",
        "a.tgz",
        "a.tar xz"
      })
  void filesDirectoriesLinksAndModesComeOut(String nameAndPacking) throws Exception {
    String[] words = nameAndPacking.split(" ");
    String before = mode(sandbox);
    extract(words[0], packed(words.length > 1 ? words[1] : "", usual()));

    assertThat(sandbox.resolve("d/run")).hasContent("program");
    assertThat(mode(sandbox.resolve("d/run"))).as("not set-user-ID").isEqualTo("rwxr-xr-x");
    assertThat(Files.getAttribute(sandbox.resolve("d/run"), "unix:mode")).isEqualTo(0100755);
    assertThat(mode(sandbox.resolve("d"))).as("can be deleted").isEqualTo("rwx------");
    assertThat(sandbox.resolve("absolute")).hasContent("text");
    assertThat(mode(sandbox.resolve("absolute"))).isEqualTo("rw-r-----");
    assertThat(Files.readSymbolicLink(sandbox.resolve("d/link"))).hasToString("../absolute");
    assertThat(Files.isSameFile(sandbox.resolve("d/hard"), sandbox.resolve("d/run"))).isTrue();
    assertThat(mode(sandbox)).isEqualTo(before);
  }

  @Test
  void zipsComeOutWithModesAndLinks() throws Exception {
    extract(
        "a.zip",
        zip(out -> {
          file(out, "d/run", "program", 0100755);
          file(out, "plain", "text", 0);
          file(out, "link", "d/run", 0120777);
          file(out, "e/", "", 0);
        }));

    assertThat(sandbox.resolve("d/run")).hasContent("program").isExecutable();
    assertThat(mode(sandbox.resolve("plain"))).isEqualTo("rw-r--r--");
    assertThat(Files.readSymbolicLink(sandbox.resolve("link"))).hasToString("d/run");
    assertThat(sandbox.resolve("e")).isEmptyDirectory();
  }

  @Test
  void aFileThatIsGzippedComesOutBesideIt() throws Exception {
    extract("a.txt.gz", packed("gz", "text".getBytes(StandardCharsets.UTF_8)));
    assertThat(sandbox.resolve("a.txt")).hasContent("text");
    assertThat(folder.resolve("a.txt.gz")).exists();
  }

  @Test
  void onlyTheEndOfTheNameCounts() {
    assertThat(Stream.of("a.tar", "b.tgz", "c.gz", "d.zip", "e.txz")).allMatch(Extraction::isFor);
    assertThat(Stream.of("a.jar", "tar", "a.tgz?x=1", "a.TGZ", "a.xz", "a.7z"))
        .noneMatch(Extraction::isFor);
  }

  // Attacks. Each must fail, and leave what is outside as it was.

  private void assertRefused(String name, byte[] archive, String why) throws IOException {
    Path outside = Files.writeString(folder.resolve("outside"), "untouched");
    assertThatThrownBy(() -> extract(name, archive))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining(why);
    assertThat(outside).hasContent("untouched");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("sandbox", "outside", name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "d/../../outside", "..", "/../outside", "./../outside"})
  void noNameLeadsOut(String entry) throws Exception {
    assertRefused("a.tar", tar(out -> file(out, entry, "x", 0644)), "out of the sandbox");
    Files.delete(folder.resolve("a.tar"));
    assertRefused("a.zip", zip(out -> file(out, entry, "x", 0644)), "out of the sandbox");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "/etc", "../sandbox", "."})
  void nothingIsWrittenThroughALink(String target) throws Exception {
    assertRefused(
        "a.tar",
        tar(out -> {
          softLink(out, "link", target);
          file(out, "link/outside", "x", 0644);
        }),
        "through a link");
    Files.delete(folder.resolve("a.tar"));
    assertRefused(
        "a.zip",
        zip(out -> {
          file(out, "link2", target, 0120777);
          file(out, "link2/outside", "x", 0644);
        }),
        "through a link");
  }

  @Test
  void noDirectoryIsMadeOrChangedThroughALink() throws Exception {
    assertRefused(
        "a.tar",
        tar(out -> {
          softLink(out, "link", "..");
          TarArchiveEntry directory = entry("link/new/", TarConstants.LF_DIR);
          out.putArchiveEntry(directory);
          out.closeArchiveEntry();
        }),
        "through a link");
  }

  @Test
  void aFileReplacesALinkInsteadOfWhatItPointsTo() throws Exception {
    Path outside = Files.writeString(folder.resolve("outside"), "untouched");
    extract(
        "a.tar",
        tar(out -> {
          softLink(out, "link", "../outside");
          file(out, "link", "mine", 0600);
        }));
    assertThat(outside).hasContent("untouched");
    assertThat(sandbox.resolve("link")).isRegularFile().hasContent("mine");
  }

  @Test
  void hardLinksStayInside() throws Exception {
    assertRefused(
        "a.tar",
        tar(out -> link(out, "hard", "../outside", TarConstants.LF_LINK)),
        "out of the sandbox");
    Files.delete(folder.resolve("a.tar"));
    assertRefused(
        "b.tar",
        tar(out -> {
          softLink(out, "link", "..");
          link(out, "hard", "link/outside", TarConstants.LF_LINK);
        }),
        "through a link");
    Files.delete(folder.resolve("b.tar"));
    assertRefused(
        "c.tar",
        tar(out -> {
          softLink(out, "soft", "../outside");
          link(out, "hard", "soft", TarConstants.LF_LINK);
        }),
        "no such file");
    Files.delete(folder.resolve("c.tar"));
    assertRefused(
        "d.tar",
        tar(out -> {
          file(out, "f", "x", 0644);
          link(out, "f", "f", TarConstants.LF_LINK);
        }),
        "link to itself");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
  void devicesAndPipesAreNotMade(byte type) throws Exception {
    assertRefused("a.tar", tar(out -> link(out, "device", "", type)), "device or pipe");
  }

  @Test
  void whatGrowsWithoutEndIsStopped() throws Exception {
    byte[] bomb =
        packed("gz", tar(out -> file(out, "big", "0".repeat((int) BOUNDS.bytes() + 1), 0644)));
    assertThat(bomb.length * BOUNDS.growth()).isLessThan((int) BOUNDS.bytes());
    assertRefused("a.tgz", bomb, "times its size");
    Files.delete(folder.resolve("a.tgz"));
    byte[] single = packed("gz", new byte[(int) BOUNDS.bytes() + 1]);
    assertRefused("a.gz", single, "times its size");
  }

  @Test
  void aLargeArchiveMayBecomeLarger() throws Exception {
    byte[] random = new byte[(int) BOUNDS.bytes() + 1];
    new Random(1).nextBytes(random);
    extract("a.gz", packed("gz", random));
    assertThat(sandbox.resolve("a")).hasBinaryContent(random);
  }

  @Test
  void entriesWithoutEndAreStopped() throws Exception {
    assertRefused(
        "a.tar",
        tar(out -> {
          for (int i = 0; i <= BOUNDS.entries(); i++) {
            softLink(out, "link" + i, "x");
          }
        }),
        "more than " + BOUNDS.entries() + " entries");
  }

  /** A header is kept in memory whole: this one would take a gigabyte of it. */
  @Test
  void headersWithoutEndAreStopped() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      TarArchiveEntry name = entry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
      name.setSize(64 << 20);
      out.putArchiveEntry(name);
      byte[] letters = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 64; i++) {
        out.write(letters);
      }
      out.closeArchiveEntry();
    }
    assertRefused("a.tgz", bytes.toByteArray(), "header of it is too long");
  }

  @Test
  void aZipWithAnEndlessDirectoryIsRefusedBeforeItFillsTheMemory() throws Exception {
    String name = "n".repeat(60_000);
    assertRefused(
        "a.zip",
        zip(out -> {
          for (int i = 0; i < 150; i++) {
            file(out, i + name, "", 0644);
          }
        }),
        "directory is longer");
  }

  @Test
  void anXzThatWantsTooMuchMemoryIsRefused() throws Exception {
    // The dictionary's size stands in the header; writing one so large would take a gigabyte.
    byte[] header = packed("xz", new byte[1]);
    int at = 12 + 4; // Stream header, block header's size, flags, filter's id and size of its data.
    assertThat(header[at]).as("dictionary of 8 MiB").isEqualTo((byte) 22);
    header[at] = 30; // 128 MiB.
    CRC32 check = new CRC32();
    check.update(header, 12, 8);
    for (int i = 0; i < 4; i++) {
      header[20 + i] = (byte) (check.getValue() >>> (8 * i));
    }
    assertRefused("a.txz", header, "memory");
  }

  /** Whatever is broken about an archive, it fails as an archive. */
  @Test
  void damagedArchivesFailInOrder() throws Exception {
    long seed = System.nanoTime();
    SeededRandom random = new SeededRandom(seed);
    List<byte[]> archives =
        List.of(
            usual(),
            packed("gz", usual()),
            packed("bz2", usual()),
            packed("xz", usual()),
            zip(out -> {
              file(out, "d/run", "program", 0100755);
              file(out, "link", "d/run", 0120777);
            }));
    int failures = 0;
    for (int i = 0; i < 400; i++) {
      byte[] archive = archives.get(i % archives.size()).clone();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        archive[random.nextInt(archive.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        archive = Arrays.copyOf(archive, random.nextInt(archive.length));
      }
      Path target = Files.createDirectory(folder.resolve("t" + i));
      Path file = Files.write(folder.resolve("damaged"), archive);
      try {
        Extraction.extract(
            file, i % archives.size() == 4 ? "a.zip" : "a.tar", new SandboxTree(target), BOUNDS);
      } catch (FetchFailure expected) {
        failures++;
      } catch (Throwable other) {
        throw new AssertionError("seed " + seed + ", archive " + i, other);
      }
    }
    assertThat(failures).as("seed %s", seed).isGreaterThan(100);
  }

  @Test
  void truncatedArchivesAreNoSuccess() throws Exception {
    byte[] whole = tar(out -> file(out, "f", "x".repeat(5000), 0644));
    assertRefused("a.tar", Arrays.copyOf(whole, 2000), "runcated");
    Files.delete(folder.resolve("a.tar"));
    byte[] packed = packed("gz", whole);
    assertRefused("a.tgz", Arrays.copyOf(packed, packed.length / 2), "ZLIB");
  }

  @Test
  void anInputGivesNoMoreThanItMay() throws Exception {
    BoundedInput in = new BoundedInput(new ByteArrayInputStream(new byte[10]));
    in.allow(4);
    assertThat(in.read(new byte[4], 0, 4)).isEqualTo(4);
    assertThatThrownBy(in::read).isInstanceOf(FetchFailure.class);
    in.allow(100);
    assertThat(in.skip(2)).isEqualTo(2);
    assertThat(in.readAllBytes()).hasSize(3);
  }
}
