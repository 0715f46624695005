/** What a cluster has, as tables for people and as JSON for programs. */
@NullMarked
package io.perigee.cli.show;

import org.jspecify.annotations.NullMarked;
