package io.perigee.endpoints;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files that {@code /files} may show: everything below some roots, under virtual names. Blocks;
 * safe for all threads. Source: mesos/src/files/files.cpp; unlike there a path is compared by
 * components, so that {@code /a} does not open {@code /ab}.
 */
public final class SandboxFiles {
  /** Sixteen pages, as by Mesos. */
  public static final int MOST_BYTES_READ = 64 * 1024;

  /** Found files are real: what is a link by now was put there since. */
  private static final Set<OpenOption> OPEN =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Supplier<Map<String, Path>> roots;

  /**
   * @param roots by their virtual path, without a slash at the end; asked for each time anew
   */
  public SandboxFiles(Supplier<Map<String, Path>> roots) {
    this.roots = roots;
  }

  /** What a virtual path leads to. */
  public sealed interface Found {
    /** Real, without symbolic links, below its root. */
    record At(Path path, String virtual) implements Found {}

    /** Nothing of that name. */
    record Missing() implements Found {}

    /** It leads out of its root. */
    record Outside(String virtual) implements Found {}
  }

  public Found find(String virtual) throws IOException {
    String asked =
        virtual.length() > 1 && virtual.endsWith("/")
            ? virtual.substring(0, virtual.length() - 1)
            : virtual;
    for (Map.Entry<String, Path> root : roots.get().entrySet()) {
      String name = root.getKey();
      if (!asked.equals(name) && !asked.startsWith(name + "/")) {
        continue;
      }
      try {
        Path realRoot = root.getValue().toRealPath();
        String below = asked.substring(name.length());
        Path real = below.isEmpty() ? realRoot : realRoot.resolve(below.substring(1)).toRealPath();
        return real.startsWith(realRoot) ? new Found.At(real, asked) : new Found.Outside(asked);
      } catch (NoSuchFileException missing) {
        return new Found.Missing();
      } catch (InvalidPathException | FileSystemException unreadable) {
        return new Found
            .Missing(); // A file taken for a directory, a name too long, a loop of links.
      }
    }
    return new Found.Missing();
  }

  /** The names and places of all roots. */
  public Map<String, Path> roots() {
    return roots.get();
  }

  /**
   * One entry of a directory.
   *
   * @param mode type and permissions, the number of stat(2)
   */
  public record Entry(
      String path, int nlink, long size, long mtimeSeconds, int mode, String uid, String gid) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;
    private static final String PERMISSIONS = "rwxrwxrwx";

    /** As ls(1) prints it: {@code -rw-r--r--}. */
    public String modeText() {
      StringBuilder text = new StringBuilder(PERMISSIONS.length() + 1);
      text.append((mode & TYPE) == DIRECTORY ? 'd' : (mode & TYPE) == LINK ? 'l' : '-');
      for (int i = 0; i < PERMISSIONS.length(); i++) {
        boolean isSet = (mode & (1 << (PERMISSIONS.length() - 1 - i))) != 0;
        text.append(isSet ? PERMISSIONS.charAt(i) : '-');
      }
      return text.toString();
    }
  }

  /** The entries of a directory, sorted by path; none for a file. */
  public static List<Entry> browse(Found.At at) throws IOException {
    if (!Files.isDirectory(at.path())) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(at.path())) {
      for (Path file : files.sorted().toList()) {
        try {
          entries.add(entry(file, at.virtual() + "/" + file.getFileName()));
        } catch (FileSystemException gone) {
          // Deleted meanwhile, or a link to nowhere or to itself.
        }
      }
    }
    return entries;
  }

  private static Entry entry(Path file, String virtual) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
    return new Entry(
        virtual,
        (int) Files.getAttribute(file, "unix:nlink"),
        attributes.size(),
        attributes.lastModifiedTime().toInstant().getEpochSecond(),
        (int) Files.getAttribute(file, "unix:mode"),
        attributes.owner().getName(),
        attributes.group().getName());
  }

  /** All of a file that was found. */
  static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, OPEN.toArray(OpenOption[]::new));
  }

  /**
   * Some bytes of a file.
   *
   * @param length at most {@link #MOST_BYTES_READ} are read, whatever it says
   */
  public static byte[] read(Path file, long offset, long length) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file, OPEN)) {
      long rest = channel.size() - offset;
      if (rest <= 0) {
        return new byte[0]; // Nor can every file system seek as far as a number goes.
      }
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(Math.min(rest, length), MOST_BYTES_READ));
      channel.position(offset);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until it is full or the file was cut short meanwhile.
      }
      byte[] read = new byte[bytes.position()];
      bytes.flip().get(read);
      return read;
    }
  }
}
