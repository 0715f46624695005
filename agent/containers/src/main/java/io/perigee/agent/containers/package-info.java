/**
 * Runs processes in containers: the port {@link ContainerRuntime} with its values, and the choice
 * of an implementation. Knows nothing of Mesos.
 *
 * <p>Any thread may call a runtime. Its listener is called on one thread of the runtime. All state
 * here is soft: what must survive the agent is in the containers' folders, and {@link
 * ContainerRuntime#reattach} reads it.
 */
@NullMarked
package io.perigee.agent.containers;

import org.jspecify.annotations.NullMarked;
