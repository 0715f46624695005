package io.perigee.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.perigee.common.Checked;
import io.perigee.common.SeededRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The arithmetic of resources holds for thousands of generated values; a failure names its seed.
 */
class ResourcesLawsTest {
  private static final int ROUNDS = 20_000;

  private interface Law {
    void check(Resources a, Resources b, Resources c);
  }

  private static void forAll(Law law) {
    int nonEmpty = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      ResourceGenerator generator = new ResourceGenerator(new SeededRandom(seed));
      Resources a = generator.next();
      Resources b = generator.next();
      Resources c = generator.next();
      nonEmpty += a.isEmpty() || b.isEmpty() ? 0 : 1;
      try {
        law.check(a, b, c);
      } catch (Throwable broken) {
        throw new AssertionError("seed " + seed + ": a=" + a + " b=" + b + " c=" + c, broken);
      }
    }
    assertThat(nonEmpty).isGreaterThan(ROUNDS / 2);
  }

  @Test
  void additionIsCommutativeAndAssociative() {
    forAll((a, b, c) -> {
      assertThat(a.plus(b)).isEqualTo(b.plus(a));
      assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
      assertThat(a.plus(Resources.EMPTY)).isEqualTo(a);
    });
  }

  @Test
  void aSumInPlaceIsTheSameSum() {
    forAll((a, b, c) -> {
      ResourceSum sum = new ResourceSum();
      assertThat(sum.total()).isEqualTo(Resources.EMPTY);
      sum.add(a);
      assertThat(sum.total()).isEqualTo(a);
      sum.add(b);
      sum.add(c);
      assertThat(sum.total()).isEqualTo(a.plus(b).plus(c));
    });
  }

  @Test
  void whatWasAddedCanBeTakenAway() {
    forAll((a, b, c) -> {
      assertThat(a.plus(b).contains(b)).isTrue();
      if (areDisjoint(a, b)) {
        assertThat(a.plus(b).minus(b)).isEqualTo(a);
      }
      assertThat(a.minus(a)).isEqualTo(Resources.EMPTY);
    });
  }

  @Test
  void whatIsLeftAndWhatWasTakenMakeTheWhole() {
    forAll((a, b, c) -> {
      Resources left = a.tryMinus(b);
      assertThat(a.contains(b)).isEqualTo(left != null);
      if (left != null) {
        assertThat(left.plus(b)).isEqualTo(a);
        assertThat(a.plus(c).contains(b)).isTrue();
      }
    });
  }

  @Test
  void containsIsTransitiveAndReflexive() {
    forAll((a, b, c) -> {
      assertThat(a.contains(a)).isTrue();
      if (a.contains(b) && b.contains(c)) {
        assertThat(a.contains(c)).isTrue();
      }
    });
  }

  @Test
  void partsMakeTheWhole() {
    forAll((a, b, c) -> {
      Resources reserved =
          a.reservedByRole().values().stream().reduce(Resources.EMPTY, Resources::plus);
      assertThat(reserved.plus(a.unreserved())).isEqualTo(a);
      assertThat(a.allocatedTo("x").unallocated()).isEqualTo(a.unallocated());
      assertThat(a.allocatableTo("a/b")).isEqualTo(a.filter(k -> !k.reservationRole().equals("c")));
    });
  }

  @Test
  void wireFormsKeepEverything() {
    forAll((a, b, c) -> {
      assertThat(read(a, ResourceWire.Format.POST_REFINEMENT)).isEqualTo(a);
      assertThat(read(a, ResourceWire.Format.ENDPOINT)).isEqualTo(a);
      assertThat(read(a, ResourceWire.Format.PRE_REFINEMENT))
          .isEqualTo(a.filter(k -> k.reservations().size() < 2));
    });
  }

  private static Resources read(Resources resources, ResourceWire.Format format) {
    return ResourceWire.read(ResourceWire.write(resources, format)).orElseThrow();
  }

  @Test
  void rangesAgreeWithSetsOfNumbers() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      ResourceGenerator generator = new ResourceGenerator(new SeededRandom(seed));
      Ranges a = generator.ranges();
      Ranges b = generator.ranges();
      Set<Long> union = numbers(a);
      union.addAll(numbers(b));
      Set<Long> difference = numbers(a);
      difference.removeAll(numbers(b));
      assertThat(numbers(a.plus(b))).as("seed %d", seed).isEqualTo(union);
      assertThat(numbers(a.minus(b))).as("seed %d", seed).isEqualTo(difference);
      assertThat(a.contains(b)).as("seed %d", seed).isEqualTo(numbers(a).containsAll(numbers(b)));
      assertThat(a.size()).isEqualTo(numbers(a).size());
    }
  }

  private static Set<Long> numbers(Ranges ranges) {
    Set<Long> numbers = new HashSet<>();
    for (Ranges.Range range : ranges.ranges()) {
      for (long n = range.begin(); n <= range.end(); n++) {
        numbers.add(n);
      }
    }
    return numbers;
  }

  /** True if no port or item is in both: a set does not count how often something was added. */
  private static boolean areDisjoint(Resources a, Resources b) {
    for (Resource left : a) {
      for (Resource right : b) {
        boolean meets =
            switch (left.amount()) {
              case Scalar scalar -> false;
              case Ranges ranges ->
                  left.key().equals(right.key()) && !ranges.minus(right.amount()).equals(ranges);
              case Items items ->
                  left.key().equals(right.key()) && !items.minus(right.amount()).equals(items);
            };
        if (meets) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void takingWhatIsNotThereIsAnError() {
    Resources one = Resources.of(Resource.scalar("cpus", 1000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> one.minus(Resources.of(Resource.scalar("cpus", 1001))))
        .withMessage("cpus:1 does not contain cpus:1.001");
    assertThat(one.tryMinus(Resources.of(Resource.scalar("mem", 1)))).isNull();
    assertThat(ResourceWire.read(ResourceWire.write(one, ResourceWire.Format.ENDPOINT)))
        .isEqualTo(Checked.valid(one));
  }
}
