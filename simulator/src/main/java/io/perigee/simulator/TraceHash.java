package io.perigee.simulator;

import com.google.protobuf.MessageLite;

/** A running hash (FNV-1a, 64 bits) over what happens, the same in every JVM. */
final class TraceHash {
  private static final long PRIME = 0x100000001B3L;

  private long value = 0xCBF29CE484222325L;
  private long count;

  void add(long number) {
    for (int shift = 0; shift < 64; shift += 8) {
      value = (value ^ ((number >>> shift) & 0xFF)) * PRIME;
    }
  }

  void add(String text) {
    for (int i = 0; i < text.length(); i++) {
      value = (value ^ text.charAt(i)) * PRIME;
    }
    add(text.length());
  }

  void add(MessageLite message) {
    for (byte b : message.toByteArray()) {
      value = (value ^ (b & 0xFF)) * PRIME;
    }
  }

  /** Begins the next event or command. */
  void next(long nowNanos, String node, String kind) {
    count++;
    add(nowNanos);
    add(node);
    add(kind);
  }

  long value() {
    return value;
  }

  /** Events and commands so far. */
  long count() {
    return count;
  }
}
