/**
 * The walls of docs/architecture.md, as tests: which module uses which, what decides without
 * touching the world, where each library is seen. Each wall is also shown to fall over a planted
 * class.
 */
@NullMarked
package io.perigee.architecture;

import org.jspecify.annotations.NullMarked;
