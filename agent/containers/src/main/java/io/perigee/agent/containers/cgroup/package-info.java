/**
 * What limits a container gets from the kernel's control groups, v1, hybrid or v2. The plan is
 * pure; the launcher carries it out. Source: the kernel's cgroup-v1 and cgroup-v2 documentation.
 */
@NullMarked
package io.perigee.agent.containers.cgroup;

import org.jspecify.annotations.NullMarked;
