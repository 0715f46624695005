package io.perigee.net.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Bounds the bodies of all requests together. Safe for all threads. */
final class BodyMemory {
  private final long boundBytes;
  private final LongAdder shown;
  private final AtomicLong takenBytes = new AtomicLong();

  /**
   * @param shown follows what is taken, for those who watch
   */
  BodyMemory(long boundBytes, LongAdder shown) {
    this.boundBytes = boundBytes;
    this.shown = shown;
  }

  /** False if that is too much; nothing is taken then. */
  boolean take(long bytes) {
    if (takenBytes.addAndGet(bytes) > boundBytes) {
      takenBytes.addAndGet(-bytes);
      return false;
    }
    shown.add(bytes);
    return true;
  }

  void give(long bytes) {
    takenBytes.addAndGet(-bytes);
    shown.add(-bytes);
  }
}
