package io.perigee.cli.run;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Copies a file to an output until its task has ended and all of it was read. */
final class Follower {
  /**
   * Soon enough for who watches; doubled while nothing comes, so that a quiet task costs little.
   */
  private static final long SHORTEST_WAIT_MILLIS = Duration.ofMillis(20).toMillis();

  private static final long LONGEST_WAIT_MILLIS = Duration.ofMillis(400).toMillis();

  /** Below what the client lets wait for connections to one agent. */
  private static final Semaphore READS = new Semaphore(32);

  private Follower() {}

  /**
   * @param hasEnded whether nothing will be written any more
   * @throws IOException if the file cannot be read, or the output takes no more
   */
  static void follow(TaskFile file, LineOutput output, BooleanSupplier hasEnded)
      throws IOException, InterruptedException {
    long wait = SHORTEST_WAIT_MILLIS;
    while (true) {
      // Asked before reading: what is written between the two is not missed.
      boolean isLast = hasEnded.getAsBoolean();
      byte[] piece = read(file);
      if (piece.length > 0) {
        output.write(piece);
        wait = SHORTEST_WAIT_MILLIS;
      } else if (isLast) {
        output.end();
        return;
      } else {
        Thread.sleep(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
      }
    }
  }

  private static byte[] read(TaskFile file) throws IOException, InterruptedException {
    READS.acquire();
    try {
      return file.next();
    } finally {
      READS.release();
    }
  }
}
