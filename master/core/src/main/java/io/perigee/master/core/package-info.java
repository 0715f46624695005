/**
 * The master's decisions. {@link io.perigee.master.core.MasterCore} takes {@link
 * io.perigee.master.core.MasterEvent}s and leaves {@link io.perigee.master.core.RegistryRecord}s to
 * persist and {@link io.perigee.master.core.MasterCommand}s to perform; it reads no clock, opens
 * nothing and is the same in the simulator.
 *
 * <p>One class decides about one subject: {@code Subscriptions} and {@code SchedulerCalls} about
 * frameworks, {@code Membership} about agents, {@code OfferBook} and {@code Launching} about offers
 * and what comes of them, {@code TaskUpdates} and {@code Reconciliation} about tasks. They share a
 * {@code Master} (the state) and a {@code Turn} (one decision). Only membership of agents survives
 * a change of leader, as records; frameworks and tasks come back with their schedulers and agents,
 * offers and refusals are forgotten. Owner thread: the decision loop.
 */
@NullMarked
package io.perigee.master.core;

import org.jspecify.annotations.NullMarked;
