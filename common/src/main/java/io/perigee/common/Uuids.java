package io.perigee.common;

import java.util.UUID;

/** UUIDs from a given random source, and their 16-byte form (RFC 9562, version 4). */
public final class Uuids {
  private Uuids() {}

  /** A version 4 UUID drawn from {@code random}, so that a simulated run repeats it. */
  public static UUID random(SeededRandom random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low);
  }

  /** The 16 bytes, most significant first. */
  public static byte[] bytes(UUID uuid) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (uuid.getMostSignificantBits() >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (uuid.getLeastSignificantBits() >>> (56 - 8 * i));
    }
    return bytes;
  }
}
