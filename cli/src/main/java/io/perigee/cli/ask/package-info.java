/** A master as the command line sees it: where it is, and what it answers. */
@NullMarked
package io.perigee.cli.ask;

import org.jspecify.annotations.NullMarked;
