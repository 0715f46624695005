/** What tests of this and other modules share: random messages of every v1 type. */
@NullMarked
package io.perigee.protocol.testing;

import org.jspecify.annotations.NullMarked;
