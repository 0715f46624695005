package io.perigee.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Shows that {@link CleanRun} would see what it looks for. */
class CleanRunIT {
  @Test
  void leakedBufferIsReported() {
    leak();
    assertThat(CleanRun.leaks()).anyMatch(leak -> leak.contains("CleanRunIT.leak"));
  }

  @SuppressWarnings("CheckReturnValue") // Leaking it is the point.
  private static void leak() {
    ByteBufAllocator.DEFAULT.directBuffer(100).writeInt(1);
  }

  @Test
  void logAboveDebugIsRecorded() {
    LoggerFactory.getLogger(CleanRunIT.class).debug("not this");
    LoggerFactory.getLogger(CleanRunIT.class).info("on purpose");
    assertThat(RecordingAppender.take()).containsExactly("on purpose");
  }
}
