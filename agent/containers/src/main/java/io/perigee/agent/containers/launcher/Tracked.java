package io.perigee.agent.containers.launcher;

import io.perigee.agent.containers.ContainerId;
import io.perigee.agent.containers.ResourceLimits;
import io.perigee.agent.containers.cgroup.CgroupPlan;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** A container whose end was not told yet. Guarded by the runtime's lock. */
final class Tracked {
  /** What the launcher was asked last. */
  enum Asked {
    /** Nothing: the specification is being written. */
    NOTHING,
    /** To run it. */
    RUN,
    /** To find out what became of it. */
    ATTACH
  }

  final ContainerId id;
  final Path folder;
  final CgroupPlan plan;
  Asked asked = Asked.NOTHING;

  /** What it may use now; none if an earlier agent gave it its limits. */
  ResourceLimits limits;

  /** Whether these are others than those it was launched with. */
  boolean isResized;

  /** Whether a launcher may have heard of it. */
  boolean sent;

  /** Whether the question was answered by {@code started} or {@code attached}. */
  boolean answered;

  /** The task as seen by the host; 0: not started. */
  long pid;

  long startTicks;

  /** Whether its start was told. */
  boolean toldStart;

  /** Signals and kills so far, each once, for a launcher that takes over. */
  final Set<String> controls = new LinkedHashSet<>();

  Tracked(ContainerId id, Path folder, CgroupPlan plan, ResourceLimits limits) {
    this.id = id;
    this.folder = folder;
    this.plan = plan;
    this.limits = limits;
  }

  /**
   * The request for a launcher that does not know it. One that was never seen to run is to be run:
   * the launcher attaches to it if it was run already.
   */
  String question() {
    asked = asked == Asked.RUN && !toldStart ? Asked.RUN : Asked.ATTACH;
    answered = false;
    String verb = asked == Asked.RUN ? "run" : "attach";
    return verb + " " + id + " " + SpecFile.in(folder);
  }
}
