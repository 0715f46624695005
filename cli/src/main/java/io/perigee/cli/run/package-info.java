/** Runs tasks in the foreground, and follows what tasks print. */
@NullMarked
package io.perigee.cli.run;

import org.jspecify.annotations.NullMarked;
