/**
 * What tests and the simulator need to run decision cores without a clock, a network or a disk. One
 * thread owns everything; the same seed gives the same run in every JVM.
 */
@NullMarked
package io.perigee.testkit;

import org.jspecify.annotations.NullMarked;
