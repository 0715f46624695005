/** The runtime for machines without the launcher: processes of the JDK. */
@NullMarked
package io.perigee.agent.containers.plain;

import org.jspecify.annotations.NullMarked;
