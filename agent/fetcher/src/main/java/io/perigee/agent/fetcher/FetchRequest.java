package io.perigee.agent.fetcher;

import io.perigee.mesos.v1.CommandInfo;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch for one container.
 *
 * @param sandbox exists, and nobody but the agent may write to it until the outcome is told: links
 *     that somebody puts there meanwhile would be followed
 * @param owner gets the sandbox with all that is in it, whatever the outcome; null leaves all to
 *     the agent's own user
 */
public record FetchRequest(
    String containerId, List<CommandInfo.URI> uris, Path sandbox, @Nullable FileOwner owner) {
  public FetchRequest {
    uris = List.copyOf(uris);
  }
}
