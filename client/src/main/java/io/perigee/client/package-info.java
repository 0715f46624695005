/**
 * Talks to a master as a framework does ({@link io.perigee.client.SchedulerClient}) and as a
 * person's tool does ({@link io.perigee.client.Reader}). Safe for all threads unless a class says
 * otherwise.
 */
@NullMarked
package io.perigee.client;

import org.jspecify.annotations.NullMarked;
