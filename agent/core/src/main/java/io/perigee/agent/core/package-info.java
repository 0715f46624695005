/**
 * The decisions of an agent. {@link io.perigee.agent.core.AgentCore} takes {@link
 * io.perigee.agent.core.AgentEvent}s and leaves {@link io.perigee.agent.core.AgentCommand}s to
 * perform; it reads no clock, starts no process and is the same in the simulator.
 *
 * <p>{@code Connection} decides when to talk to which link, {@code Launching} which executor takes
 * a task, {@code OwnTasks} about tasks that the agent runs by itself (with a command, or of a
 * group), {@code CustomExecutors} and {@code ExecutorCalls} about executors with a process of their
 * own, {@code Shutdowns} about ends from outside, {@code Ledger} what is history, {@code
 * UpdateStreams} which update of a task the master gets when. They share an {@code Agent} (the
 * state) and a {@code Turn} (one decision). All of it is soft state so far: a new process of the
 * agent starts as a new agent. Owner thread: the decision loop.
 */
@NullMarked
package io.perigee.agent.core;

import org.jspecify.annotations.NullMarked;
