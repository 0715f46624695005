/**
 * The agent link: after an HTTP upgrade both sides send frames of four bytes length (most
 * significant first) and that many bytes. Server and client side get the same {@link
 * io.perigee.net.link.FrameLink}.
 */
@NullMarked
package io.perigee.net.link;

import org.jspecify.annotations.NullMarked;
