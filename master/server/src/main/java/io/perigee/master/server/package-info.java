/**
 * The master process around its core: HTTP requests and agents' frames become events, commands
 * become answers, events of streams and frames. {@link io.perigee.master.server.MasterProcess} puts
 * it together. Nothing here decides; nothing here survives a restart.
 *
 * <p>Threads: the decision loop performs commands and must not wait; scheduler calls and frames are
 * parsed on event loops; reads run on workers and look at snapshots.
 */
@NullMarked
package io.perigee.master.server;

import org.jspecify.annotations.NullMarked;
