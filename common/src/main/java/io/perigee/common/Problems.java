package io.perigee.common;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with an input, gathered so that its author sees everything at once. Not safe for
 * several threads.
 */
public final class Problems {
  private final List<String> texts = new ArrayList<>();

  /**
   * Adds one problem.
   *
   * @param text names the thing, its value and what was expected: {@code work_dir: /data/x is not a
   *     directory (expected: existing, writable)}
   */
  public void add(String text) {
    texts.add(text);
  }

  public boolean isEmpty() {
    return texts.isEmpty();
  }

  /** In the order in which they were found. */
  public List<String> texts() {
    return List.copyOf(texts);
  }
}
