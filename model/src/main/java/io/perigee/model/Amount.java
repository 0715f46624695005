package io.perigee.model;

/**
 * How much of a resource there is. Amounts of two different shapes never meet: a resource's key
 * says which one it has.
 */
public sealed interface Amount permits Scalar, Ranges, Items {

  /** The shape of an amount, with the names of {@code Value.Type} on the wire. */
  enum Shape {
    SCALAR,
    RANGES,
    SET
  }

  Shape shape();

  boolean isEmpty();

  /** Both together. A range or item that both have is there once, as in Mesos. */
  Amount plus(Amount that);

  /** What is left without {@code that}; parts that were never there are passed over. */
  Amount minus(Amount that);

  boolean contains(Amount that);
}
