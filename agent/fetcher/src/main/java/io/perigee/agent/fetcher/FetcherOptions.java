package io.perigee.agent.fetcher;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decides about fetching. Source of names and defaults:
 * mesos/docs/configuration/agent.md.
 *
 * @param frameworksHome what relative paths are below; null refuses them
 * @param stallTimeout after which a download that brings nothing more is given up; positive
 * @param cacheDirectory of the fetcher's own: it is emptied when the fetcher starts
 * @param cacheBytes to keep of what was fetched with {@code cache}, at least 0
 */
public record FetcherOptions(
    @Nullable Path frameworksHome, Duration stallTimeout, Path cacheDirectory, long cacheBytes) {

  public FetcherOptions {
    if (stallTimeout.isZero() || stallTimeout.isNegative() || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "a positive stall timeout and a cache of at least 0 bytes, not "
              + stallTimeout
              + " and "
              + cacheBytes);
    }
  }
}
