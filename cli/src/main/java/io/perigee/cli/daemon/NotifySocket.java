package io.perigee.cli.daemon;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A Unix datagram socket that somebody else listens on, which Java has no class for: its channels
 * for Unix sockets are streams. Made of three functions of Linux's C library. Safe for all threads.
 */
final class NotifySocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** Of {@code sockaddr_un}: a family, then a path. */
  private static final int FAMILY_BYTES = 2;

  private static final int MOST_PATH_BYTES = 108;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle socket;
  private final MethodHandle sendto;
  private final MethodHandle close;
  private final byte[] address;

  /**
   * @param address {@code /path}, or {@code @name} of Linux's abstract namespace
   * @throws IOException if it is neither, or if this JVM may not call C functions
   */
  NotifySocket(String address) throws IOException {
    this.address = address(address);
    try {
      socket =
          function(
              "socket",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
      sendto =
          function(
              "sendto",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_INT));
      close = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    } catch (IllegalCallerException | UnsupportedOperationException denied) {
      throw new IOException("C functions cannot be called: " + denied.getMessage(), denied);
    }
  }

  @SuppressWarnings("restricted") // Those of C functions are; the start scripts allow it.
  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, ERRNO);
  }

  /** As {@code sockaddr_un}'s path: an abstract name begins with a zero, a path ends with one. */
  private static byte[] address(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = text.startsWith("@") && bytes.length > 1;
    if (!isAbstract && !text.startsWith("/")) {
      throw new IOException("'" + text + "' is no socket (expected: /path or @name)");
    }
    if (bytes.length >= MOST_PATH_BYTES) {
      throw new IOException(
          "'%s' is too long for a socket (expected: less than %d bytes)"
              .formatted(text, MOST_PATH_BYTES));
    }
    if (isAbstract) {
      bytes[0] = 0;
      return bytes;
    }
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /**
   * Sends one datagram. Does not wait for a listener that is behind.
   *
   * @throws IOException if nobody listens or the listener is behind; it may be tried again
   */
  void send(String message) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      int descriptor = (int) socket.invokeExact(state, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (descriptor < 0) {
        throw failed("socket", state);
      }
      try {
        long sent =
            (long)
                sendto.invokeExact(
                    state,
                    descriptor,
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes),
                    (long) bytes.length,
                    MSG_DONTWAIT | MSG_NOSIGNAL,
                    socketAddress(arena),
                    FAMILY_BYTES + address.length);
        if (sent < 0) {
          throw failed("sendto", state);
        }
      } finally {
        int _ = (int) close.invokeExact(state, descriptor);
      }
    } catch (IOException | RuntimeException | Error known) {
      throw known;
    } catch (Throwable impossible) {
      throw new AssertionError("functions of C throw nothing", impossible);
    }
  }

  private MemorySegment socketAddress(Arena arena) {
    MemorySegment segment = arena.allocate(FAMILY_BYTES + MOST_PATH_BYTES, 2);
    segment.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(address, 0, segment, ValueLayout.JAVA_BYTE, FAMILY_BYTES, address.length);
    return segment;
  }

  private static IOException failed(String function, MemorySegment state) {
    return new IOException(function + " failed with errno " + (int) ERRNO_VALUE.get(state, 0L));
  }
}
