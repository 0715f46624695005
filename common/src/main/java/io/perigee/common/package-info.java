/**
 * What every part of Perigee shares and what knows nothing of Mesos: problems that are reported
 * together, random numbers from a seed, names that look alike. Immutable values and pure functions
 * unless a class says otherwise.
 */
@NullMarked
package io.perigee.common;

import org.jspecify.annotations.NullMarked;
