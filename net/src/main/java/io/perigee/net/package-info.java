/**
 * Moves bytes and knows HTTP; knows nothing of Mesos and holds no policy. {@code http} holds the
 * values HTTP is made of, {@code auth} the ports that learn who asks and decide what they may do.
 */
@NullMarked
package io.perigee.net;

import org.jspecify.annotations.NullMarked;
