package io.perigee.net;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Netty's leak detector that remembers what it found; named in this module's pom.xml. */
public final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  public RecordingLeakDetector(Class<T> type, int samplingInterval) {
    super(type, samplingInterval);
  }

  /** An older form that Netty looks for too. */
  public RecordingLeakDetector(Class<T> type, int samplingInterval, long maxActive) {
    this(type, samplingInterval);
  }

  @Override
  protected boolean needReport() {
    return true;
  }

  @Override
  protected void reportTracedLeak(String resourceType, String records) {
    LEAKS.add(resourceType + records);
  }

  @Override
  protected void reportUntracedLeak(String resourceType) {
    LEAKS.add(resourceType);
  }

  /** All found so far, and forgets them. */
  static List<String> take() {
    List<String> taken = List.copyOf(LEAKS);
    LEAKS.clear();
    return taken;
  }
}
