package io.perigee.model;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * A set of names, sorted.
 *
 * @param names without duplicates, ascending
 */
public record Items(List<String> names) implements Amount {
  public static final Items EMPTY = new Items(List.of());

  public Items {
    names = List.copyOf(new TreeSet<>(names));
  }

  public static Items of(Collection<String> names) {
    return new Items(List.copyOf(names));
  }

  @Override
  public Shape shape() {
    return Shape.SET;
  }

  @Override
  public boolean isEmpty() {
    return names.isEmpty();
  }

  @Override
  public Items plus(Amount that) {
    TreeSet<String> both = new TreeSet<>(names);
    both.addAll(((Items) that).names);
    return of(both);
  }

  @Override
  public Items minus(Amount that) {
    TreeSet<String> left = new TreeSet<>(names);
    ((Items) that).names.forEach(left::remove);
    return of(left);
  }

  @Override
  public boolean contains(Amount that) {
    return names.containsAll(((Items) that).names);
  }

  /** As in {@code --resources}: {@code {a, b}}. */
  @Override
  public String toString() {
    return "{" + String.join(", ", names) + "}";
  }
}
