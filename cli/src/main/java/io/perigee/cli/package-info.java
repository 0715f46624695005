/**
 * The {@code perigee} command. {@code daemon} starts daemons; {@code show} prints a cluster; {@code
 * run} runs a task and follows its output; all but the first use a master's HTTP API alone.
 */
@NullMarked
package io.perigee.cli;

import org.jspecify.annotations.NullMarked;
