/** Classes that break walls on purpose; only tests see them. */
@NullMarked
package io.perigee.master.core.planted;

import org.jspecify.annotations.NullMarked;
