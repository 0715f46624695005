package io.perigee.benchmarks.allocation;

import io.perigee.benchmarks.Benchmark;
import io.perigee.benchmarks.Broken;
import io.perigee.benchmarks.Setup;
import io.perigee.benchmarks.measure.Figure;
import io.perigee.benchmarks.measure.Samples;
import io.perigee.common.SeededRandom;
import io.perigee.master.core.allocation.Allocator;
import io.perigee.master.core.allocation.AllocatorConfig;
import io.perigee.master.core.allocation.FrameworkProfile;
import io.perigee.model.Resources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Full cycles: everything on every agent is free and is given away. In between all of it comes
 * back, which is not timed.
 */
public final class Allocation implements Benchmark {
  private static final int WARM_UP = 60;
  private static final int CYCLES = 100;

  private record Given(int framework, String role, int agent, Resources resources) {}

  @Override
  public String name() {
    return "allocation";
  }

  @Override
  public String summary() {
    return "full allocation cycles: all agents are free, all frameworks want all";
  }

  @Override
  public List<Figure> run(Setup setup) throws Broken {
    List<Figure> figures = new ArrayList<>();
    for (Shape shape :
        List.of(
            new Shape(1000, 100, false),
            new Shape(1000, 100, true),
            new Shape(setup.count(10_000, 1000), 1000, false),
            new Shape(setup.count(10_000, 1000), 1000, true))) {
      figures.add(measure(shape, setup).target(shape.isDeep() ? "<= 20 ms" : "<= 10 ms"));
    }
    return figures;
  }

  private static Figure measure(Shape shape, Setup setup) throws Broken {
    Samples cycles = new Samples();
    Samples sorts = new Samples();
    Allocator allocator = fill(shape);
    SeededRandom random = new SeededRandom(2);
    List<Given> given = new ArrayList<>();
    int warmUp = setup.count(WARM_UP, 1);
    for (int i = 0; i < warmUp + setup.count(CYCLES, 3); i++) {
      long start = System.nanoTime();
      allocator.run(
          i * 1_000_000_000L,
          (framework, role, agent, resources) ->
              given.add(new Given(framework, role, agent, resources)));
      long nanos = System.nanoTime() - start;
      if (given.size() < shape.agents()) {
        throw new Broken("only " + given.size() + " offers from " + shape.agents() + " agents");
      }
      given.forEach(it -> allocator.release(it.framework(), it.role(), it.agent(), it.resources()));
      given.clear();
      long sortNanos = sort(shape.agents(), random);
      if (i >= warmUp) {
        cycles.add(nanos);
        sorts.add(sortNanos);
      }
    }
    return Figure.millis(shape.toString(), cycles)
        .beside(Figure.millis("sort a double for each agent", sorts));
  }

  private static Allocator fill(Shape shape) {
    Allocator allocator = new Allocator(AllocatorConfig.defaults(), new SeededRandom(1));
    for (int i = 0; i < shape.frameworks(); i++) {
      FrameworkProfile profile =
          new FrameworkProfile("framework-" + i, false, false, false, true, Map.of());
      allocator.setFramework(i, profile, List.of(shape.role(i)));
    }
    for (int i = 0; i < shape.agents(); i++) {
      allocator.addAgent(i, shape.resources(i), List.of(), true);
    }
    return allocator;
  }

  private static long sort(int count, SeededRandom random) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> random.nextDouble());
    long start = System.nanoTime();
    Arrays.sort(numbers);
    return System.nanoTime() - start;
  }
}
