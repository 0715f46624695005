/** Classes that break walls on purpose; only tests see them. */
@NullMarked
package io.perigee.master.server.planted;

import org.jspecify.annotations.NullMarked;
