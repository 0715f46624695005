/**
 * The decision loop: one platform thread that owns one deterministic core.
 *
 * <p>Everything here except {@link io.perigee.common.loop.DecisionLoop#offer} and its siblings runs
 * on the loop's thread. Nothing here is kept across a restart; what must survive goes through a
 * {@link io.perigee.common.loop.Journal}.
 */
@NullMarked
package io.perigee.common.loop;

import org.jspecify.annotations.NullMarked;
