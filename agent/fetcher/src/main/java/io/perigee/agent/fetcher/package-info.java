/**
 * Fetches the URIs of a command into its sandbox before the command starts: {@link
 * io.perigee.agent.fetcher.Fetcher}. Behaves as Mesos' fetcher does (mesos/docs/fetcher.md,
 * src/launcher/fetcher.cpp), and trusts neither servers nor archives.
 *
 * <p>Everything that blocks runs on the fetcher's own threads. The cache is soft state: each agent
 * begins with an empty one.
 */
@NullMarked
package io.perigee.agent.fetcher;

import org.jspecify.annotations.NullMarked;
