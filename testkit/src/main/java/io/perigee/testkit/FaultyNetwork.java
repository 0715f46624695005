package io.perigee.testkit;

import io.perigee.common.SeededRandom;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Delivers messages late, twice, in another order, or not at all; and connections that keep order
 * but break. Faults can be turned off, after which everything arrives.
 */
public final class FaultyNetwork {
  private final VirtualTime time;
  private final SeededRandom random;
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private boolean isFaulty = true;

  public FaultyNetwork(VirtualTime time, SeededRandom random) {
    this.time = time;
    this.random = random;
  }

  /** From now on everything arrives. */
  public void heal() {
    isFaulty = false;
  }

  public boolean isFaulty() {
    return isFaulty;
  }

  /** How often each kind of fault happened. */
  public Map<String, Long> counts() {
    return counts;
  }

  public void count(String fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  /** True with a probability, and counted, while the network is faulty. */
  public boolean fault(String name, double probability) {
    boolean happens = isFaulty && random.chance(probability);
    if (happens) {
      count(name);
    }
    return happens;
  }

  /** A usual delay of 0.1 to 2 ms; now and then of up to 2 s. */
  long delayNanos() {
    return fault("slow message", 0.01)
        ? random.nextLong(2_000_000_000L)
        : 100_000 + random.nextLong(1_900_000);
  }

  /**
   * Sends a message of its own: it may overtake others, arrive twice, or be lost.
   *
   * @param lost called instead of {@code arrives} if it is lost, after the sender's time-out
   */
  public void send(Runnable arrives, Runnable lost) {
    if (fault("lost message", 0.01)) {
      time.afterNanos(5_000_000_000L, lost);
      return;
    }
    time.afterNanos(delayNanos(), arrives);
    if (fault("duplicated message", 0.005)) {
      time.afterNanos(delayNanos(), arrives);
    }
  }

  /** Makes a connection. */
  public Connection connect() {
    return new Connection();
  }

  /** One connection: what is sent into it arrives in order until it breaks, and then never. */
  public final class Connection {
    private final long[] lastArrival = new long[2];
    private boolean isBroken;

    private Connection() {}

    /**
     * @param direction 0 or 1
     */
    public void send(int direction, Runnable arrives) {
      if (isBroken) {
        return;
      }
      long at = Math.max(time.nowNanos() + delayNanos(), lastArrival[direction]);
      lastArrival[direction] = at;
      time.at(
          at,
          () -> {
            if (!isBroken) {
              arrives.run();
            }
          });
    }

    public boolean isBroken() {
      return isBroken;
    }

    /** Breaks the connection now; each side learns of it later, on its own. */
    public void breakNow() {
      isBroken = true;
    }

    /** Tells a side that the connection broke, after a delay. */
    public void tellLater(Runnable closed) {
      time.afterNanos(delayNanos(), closed);
    }
  }
}
