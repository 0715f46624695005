/** Durations and sizes as Mesos writes them. Pure. */
@NullMarked
package io.perigee.common.unit;

import org.jspecify.annotations.NullMarked;
