/**
 * Who asks, and what they may do: ports only. Routes name an {@link
 * io.perigee.net.auth.Authenticator}; an {@link io.perigee.net.auth.Authorizer} is called by those
 * who know the action and its object, never in this module.
 */
@NullMarked
package io.perigee.net.auth;

import org.jspecify.annotations.NullMarked;
