/**
 * What Mesos counts and names: resources, attributes, roles, ids, task states.
 *
 * <p>Everything is immutable and pure, so any thread may use it. Scalars are whole thousandths,
 * never floating point: sums of many small requests come out even.
 */
@NullMarked
package io.perigee.model;

import org.jspecify.annotations.NullMarked;
