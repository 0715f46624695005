/**
 * The agent process around its core: frames of the master, calls of executors and ends of
 * containers become events, commands become containers, frames and events of executors. {@link
 * io.perigee.agent.daemon.AgentProcess} puts it together. Nothing here decides.
 *
 * <p>Threads: the decision loop performs commands and must not wait, so sandboxes are made on
 * workers; the container runtime tells of containers on a thread of its own; reads run on workers
 * and look at snapshots.
 */
@NullMarked
package io.perigee.agent.daemon;

import org.jspecify.annotations.NullMarked;
