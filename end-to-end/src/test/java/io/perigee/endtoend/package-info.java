/**
 * Tests against real masters and agents, over real sockets and with real processes. Each class
 * starts a cluster of its own and ends it.
 */
@NullMarked
package io.perigee.endtoend;

import org.jspecify.annotations.NullMarked;
