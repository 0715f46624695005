/**
 * {@code perigee config}: what the files that configure daemons say. Starts nothing and asks no
 * daemon.
 */
@NullMarked
package io.perigee.cli.config;

import org.jspecify.annotations.NullMarked;
