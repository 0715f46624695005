/**
 * Starts daemons in this process: the only part of the command line that uses them rather than
 * their HTTP API.
 */
@NullMarked
package io.perigee.cli.daemon;

import org.jspecify.annotations.NullMarked;
