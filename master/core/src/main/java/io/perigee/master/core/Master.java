package io.perigee.master.core;

import io.perigee.common.SeededRandom;
import io.perigee.common.loop.Deadlines;
import io.perigee.master.core.allocation.Allocator;
import io.perigee.master.core.cluster.Cluster;
import java.util.Map;
import java.util.TreeMap;

/** What all deciding classes share: the state of the master, and nothing that decides. */
final class Master {
  final MasterConfig config;
  final Cluster cluster = new Cluster();
  final Allocator allocator;
  final Deadlines<Timer> timers = new Deadlines<>();
  final Counters counters = new Counters();

  private long nextFramework;
  private long nextAgent;
  private long nextOffer;

  Master(MasterConfig config) {
    this.config = config;
    this.allocator = new Allocator(config.allocator(), new SeededRandom(config.seed()));
  }

  /** Ids look as Mesos': the master's id, and a counter of at least four digits. */
  String newFrameworkId() {
    String number = Long.toString(nextFramework++);
    return config.masterId() + "-" + "0".repeat(Math.max(0, 4 - number.length())) + number;
  }

  String newAgentId() {
    return config.masterId() + "-S" + nextAgent++;
  }

  String newOfferId() {
    return config.masterId() + "-O" + nextOffer++;
  }

  /** Everything counted so far, and the allocator's own figures, by Mesos' metric names. */
  Map<String, Double> counterValues() {
    Map<String, Double> values = new TreeMap<>();
    counters.addTo(values);
    values.put("allocator/mesos/allocation_runs", (double) allocator.runs());
    allocator
        .totals()
        .forEach((name, thousandths) ->
            values.put("allocator/mesos/resources/" + name + "/total", thousandths / 1000.0));
    allocator
        .allocated()
        .forEach((name, thousandths) ->
            values.put(
                "allocator/mesos/resources/" + name + "/offered_or_allocated",
                thousandths / 1000.0));
    allocator
        .activeFiltersByRole()
        .forEach((role, count) ->
            values.put("allocator/mesos/offer_filters/roles/" + role + "/active", (double) count));
    allocator
        .dominantShares()
        .forEach((role, share) ->
            values.put("allocator/mesos/roles/" + role + "/shares/dominant", share));
    return values;
  }
}
