/**
 * The runtime on top of perigee-launcher. Its protocol and files are described in the launcher's
 * README.md; {@link io.perigee.agent.containers.launcher.LauncherEvent} and {@link
 * io.perigee.agent.containers.launcher.SpecFile} are their Java side.
 */
@NullMarked
package io.perigee.agent.containers.launcher;

import org.jspecify.annotations.NullMarked;
