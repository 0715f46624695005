/**
 * Options of the daemons: one table names each option, its type, default and meaning; flags,
 * environment and files are read against it, and everything wrong with them is reported at once.
 */
@NullMarked
package io.perigee.common.option;

import org.jspecify.annotations.NullMarked;
