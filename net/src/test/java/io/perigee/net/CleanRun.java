package io.perigee.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every test ends without an unexpected warning in the log, every suite without a leaked buffer.
 */
public final class CleanRun implements AfterEachCallback, AfterAllCallback {
  public CleanRun() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertThat(RecordingAppender.take()).as("log above debug").isEmpty();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    assertThat(leaks()).as("leaked buffers").isEmpty();
  }

  /** What was collected unreleased. A leak is noticed when a later buffer is allocated. */
  static List<String> leaks() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.buffer().release();
      ByteBufAllocator.DEFAULT.heapBuffer().release();
    }
    return RecordingLeakDetector.take();
  }
}
