/**
 * Exchanges recorded from Mesos 1.11, replayed against a cluster of ours. {@link
 * io.perigee.endtoend.golden.Exchange} tells the format of the fixtures, {@link
 * io.perigee.endtoend.golden.Replayer} sends them, {@link io.perigee.endtoend.golden.Shape} and
 * {@link io.perigee.endtoend.golden.Natural} compare the answers, {@link
 * io.perigee.endtoend.golden.AllowedDifferences} lists what may differ, {@link
 * io.perigee.endtoend.golden.LeftForLater} what is not replayed yet, and {@link
 * io.perigee.endtoend.golden.GoldenReplayIT} is the test. One thread replays; each stream has one
 * that reads.
 */
@NullMarked
package io.perigee.endtoend.golden;

import org.jspecify.annotations.NullMarked;
