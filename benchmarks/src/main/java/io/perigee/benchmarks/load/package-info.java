/**
 * One master under load: agents that only speak the link's protocol, frameworks that launch
 * whatever they can. They share this process; the master has one of its own.
 */
@NullMarked
package io.perigee.benchmarks.load;

import org.jspecify.annotations.NullMarked;
