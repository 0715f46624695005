package io.perigee.master.server;

import io.perigee.common.loop.DecisionCore;
import io.perigee.common.loop.Outcome;
import io.perigee.endpoints.Timings;
import io.perigee.master.core.MasterCommand;
import io.perigee.master.core.MasterCore;
import io.perigee.master.core.MasterEvent;
import io.perigee.master.core.RegistryRecord;
import java.util.Map;

/**
 * A core whose allocations are timed, since it sees no clock itself: how long they take, and how
 * late they begin because the loop had other things to do. Called by the loop; the figures are safe
 * for all threads. Source: mesos/src/master/allocator/mesos/metrics.hpp.
 */
final class AllocationTimes implements DecisionCore<MasterEvent, RegistryRecord, MasterCommand> {
  private final MasterCore core;
  private final Timings run = new Timings("allocator/mesos/allocation_run");
  private final Timings latency = new Timings("allocator/mesos/allocation_run_latency");

  AllocationTimes(MasterCore core) {
    this.core = core;
  }

  @Override
  public void decide(
      long nowNanos, MasterEvent event, Outcome<RegistryRecord, MasterCommand> outcome) {
    core.decide(nowNanos, event, outcome);
  }

  @Override
  public void wake(long nowNanos, Outcome<RegistryRecord, MasterCommand> outcome) {
    long runs = core.allocationRuns();
    long due = core.nextDeadlineNanos();
    long start = System.nanoTime();
    core.wake(nowNanos, outcome);
    if (core.allocationRuns() != runs) {
      run.add(System.nanoTime() - start);
      latency.add(Math.max(0, nowNanos - due));
    }
  }

  @Override
  public void apply(RegistryRecord record) {
    core.apply(record);
  }

  @Override
  public long nextDeadlineNanos() {
    return core.nextDeadlineNanos();
  }

  void addTo(Map<String, Double> values) {
    run.addTo(values);
    latency.addTo(values);
  }
}
