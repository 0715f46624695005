package io.perigee.model;

/**
 * An amount of one thing.
 *
 * @param copies how often a shared volume is held; 1 for all else
 */
public record Resource(ResourceKey key, Amount amount, int copies) {

  public Resource {
    if (copies < 1 || (copies > 1 && !key.isShared())) {
      throw new IllegalArgumentException(copies + " copies of " + key);
    }
    if (key.shape() != amount.shape()) {
      throw new IllegalArgumentException(amount + " is no amount of " + key);
    }
  }

  public Resource(ResourceKey key, Amount amount) {
    this(key, amount, 1);
  }

  /** An unreserved scalar, in thousandths. */
  public static Resource scalar(String name, long thousandths) {
    return new Resource(ResourceKey.of(name, Amount.Shape.SCALAR), new Scalar(thousandths));
  }

  /** Unreserved ranges. */
  public static Resource ranges(String name, Ranges ranges) {
    return new Resource(ResourceKey.of(name, Amount.Shape.RANGES), ranges);
  }

  /** As in Mesos' messages: {@code cpus(allocated: r):4}. */
  @Override
  public String toString() {
    return key + ":" + amount + (copies > 1 ? "<" + copies + ">" : "");
  }
}
