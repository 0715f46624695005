/**
 * The cluster as the master knows it: agents, frameworks, tasks, offers. Mutable holders belong to
 * the decision loop; what they hold, and every {@code …Snapshot}, is immutable and may be read by
 * any thread.
 */
@NullMarked
package io.perigee.master.core.cluster;

import org.jspecify.annotations.NullMarked;
