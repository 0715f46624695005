package io.perigee.agent.fetcher;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes files below a directory, and nowhere else: no link is ever followed, neither on the way to
 * a file nor at its end. Holds as long as nobody else writes to the directory.
 */
final class SandboxTree {
  private final Path root;

  SandboxTree(Path root) {
    this.root = root;
  }

  /** The names that a path leads through, without empty ones and dots; two dots stay. */
  static List<String> names(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(name -> !name.isEmpty() && !name.equals("."))
        .toList();
  }

  Path root() {
    return root;
  }

  /**
   * Makes room for a file: all directories above it exist afterwards, and nothing is at its place.
   *
   * @param names at least one
   */
  Path place(List<String> names) throws IOException {
    Path path = directory(names.subList(0, names.size() - 1)).resolve(leaf(names));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchFailure(shown(names) + ": there is a directory of that name");
    }
    Files.deleteIfExists(path);
    return path;
  }

  /** Makes a directory, if it is not there, with all above it. */
  Path directory(List<String> names) throws IOException {
    Path path = root;
    for (int i = 0; i < names.size(); i++) {
      path = path.resolve(checked(names, i));
      if (Files.isSymbolicLink(path)) {
        throw new FetchFailure(shown(names) + ": leads through a link");
      }
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(path);
      }
    }
    return path;
  }

  /**
   * A file that is there already.
   *
   * @throws FetchFailure if there is none, or a link on the way to it
   */
  Path existing(List<String> names) throws IOException {
    Path path = directory(names.subList(0, names.size() - 1)).resolve(leaf(names));
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchFailure(shown(names) + ": there is no such file");
    }
    return path;
  }

  private static String leaf(List<String> names) throws FetchFailure {
    if (names.isEmpty()) {
      throw new FetchFailure("an entry has no name");
    }
    return checked(names, names.size() - 1);
  }

  private static String checked(List<String> names, int index) throws FetchFailure {
    String name = names.get(index);
    if (name.equals("..") || name.indexOf('\0') >= 0) {
      throw new FetchFailure(shown(names) + ": leads out of the sandbox");
    }
    return name;
  }

  /** For messages. Names come from strangers, or from URIs whose query may be secret. */
  static String shown(List<String> names) {
    String path =
        String.join("/", names).replaceFirst("(?s)[?].*", "").replaceAll("\\p{Cntrl}", "_");
    return "'" + (path.length() <= 200 ? path : path.substring(0, 200) + "…") + "'";
  }

  /**
   * Sets permissions.
   *
   * @param mode of which the lowest nine bits count: no file becomes set-user-ID
   */
  static void setMode(Path path, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values(); // OWNER_READ is the highest bit.
    for (int i = 0; i < all.length; i++) {
      if ((mode & (1 << (all.length - 1 - i))) != 0) {
        permissions.add(all[i]);
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }

  /**
   * Gives everything to a user. The root comes last: until then nobody else can reach what is
   * below.
   */
  void giveTo(FileOwner owner) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            give(file, owner);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            give(directory, owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void give(Path path, FileOwner owner) throws IOException {
    // Ids have 32 bits without sign; Java takes them as an int all the same.
    Files.setAttribute(path, "unix:uid", (int) owner.uid(), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", (int) owner.gid(), LinkOption.NOFOLLOW_LINKS);
  }
}
