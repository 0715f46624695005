package io.perigee.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bag of resources: what an agent has, an offer holds, a task uses. Sorted by key, without empty
 * amounts; equal keys are one entry wherever {@link ResourceKey} lets them merge.
 *
 * <p>The laws that tests hold over generated values: {@code a+b = b+a}, {@code (a+b)+c = a+(b+c)},
 * {@code (a+b)-b = a} where no range or item is in both, {@code a.contains(b)} exactly when {@code
 * a.tryMinus(b)} is not null. Source: mesos/src/common/resources.cpp.
 */
public final class Resources implements Iterable<Resource> {
  public static final Resources EMPTY = new Resources(new Resource[0]);

  private final Resource[] items;

  private Resources(Resource[] items) {
    this.items = items;
  }

  public static Resources of(Resource... resources) {
    return of(Arrays.asList(resources));
  }

  /** The sum of the given ones, in any order. */
  public static Resources of(Collection<Resource> resources) {
    Resources sum = EMPTY;
    for (Resource resource : resources) {
      if (!resource.amount().isEmpty()) {
        sum = sum.plus(new Resources(new Resource[] {resource}));
      }
    }
    return sum;
  }

  public Resources plus(Resources that) {
    if (that.items.length == 0) {
      return this;
    }
    if (items.length == 0) {
      return that;
    }
    Resource[] sum = new Resource[items.length + that.items.length];
    int length = 0;
    int left = 0;
    int right = 0;
    while (left < items.length || right < that.items.length) {
      int order =
          left == items.length
              ? 1
              : right == that.items.length ? -1 : compare(items[left], that.items[right]);
      Resource next = order <= 0 ? items[left++] : that.items[right++];
      int same = mergeableAt(sum, length, next);
      if (same >= 0) {
        sum[same] = merge(sum[same], next);
      } else {
        sum[length++] = next;
      }
    }
    return new Resources(length == sum.length ? sum : Arrays.copyOf(sum, length));
  }

  /**
   * By key; volumes that only differ in size by their size, so that equal bags are equal arrays.
   */
  private static int compare(Resource a, Resource b) {
    int order = a.key().compareTo(b.key());
    return order == 0 && a.amount() instanceof Scalar left && b.amount() instanceof Scalar right
        ? Long.compare(left.thousandths(), right.thousandths())
        : order;
  }

  /**
   * Where among the last entries, which sort alike, there is one that {@code next} can be added to;
   * else -1.
   */
  private static int mergeableAt(Resource[] sum, int length, Resource next) {
    for (int i = length - 1; i >= 0 && sum[i].key().compareTo(next.key()) == 0; i--) {
      if (sum[i].key().equals(next.key())
          && (next.key().isMergeable()
              || (next.key().isShared() && sum[i].amount().equals(next.amount())))) {
        return i;
      }
    }
    return -1;
  }

  private static Resource merge(Resource a, Resource b) {
    return a.key().isShared()
        ? new Resource(a.key(), a.amount(), a.copies() + b.copies())
        : new Resource(a.key(), a.amount().plus(b.amount()));
  }

  /**
   * What is left without {@code that}.
   *
   * @throws IllegalArgumentException if this does not contain it
   */
  public Resources minus(Resources that) {
    Resources left = tryMinus(that);
    if (left == null) {
      throw new IllegalArgumentException(this + " does not contain " + that);
    }
    return left;
  }

  /** What is left without {@code that}, or null if this does not contain it. */
  public @Nullable Resources tryMinus(Resources that) {
    if (that.items.length == 0) {
      return this;
    }
    @Nullable Resource[] left = Arrays.copyOf(items, items.length);
    int from = 0;
    for (Resource wanted : that.items) {
      while (from < left.length && items[from].key().compareTo(wanted.key()) < 0) {
        from++;
      }
      int at = from;
      Resource held = null;
      while (at < left.length && items[at].key().compareTo(wanted.key()) == 0) {
        held = left[at];
        if (held != null && holds(held, wanted)) {
          break;
        }
        held = null;
        at++;
      }
      if (held == null) {
        return null;
      }
      left[at] = without(held, wanted);
    }
    return compact(left);
  }

  private static boolean holds(Resource held, Resource wanted) {
    ResourceKey key = held.key();
    if (!key.equals(wanted.key())) {
      return false;
    }
    if (key.isShared()) {
      return held.amount().equals(wanted.amount()) && held.copies() >= wanted.copies();
    }
    return key.isMergeable()
        ? held.amount().contains(wanted.amount())
        : held.amount().equals(wanted.amount());
  }

  /** What is left of an entry, or null if nothing is. */
  private static @Nullable Resource without(Resource held, Resource part) {
    if (held.key().isShared()) {
      return held.copies() == part.copies()
          ? null
          : new Resource(held.key(), held.amount(), held.copies() - part.copies());
    }
    Amount left = held.amount().minus(part.amount());
    return left.isEmpty() ? null : new Resource(held.key(), left);
  }

  private static Resources compact(@Nullable Resource[] resources) {
    Resource[] kept = new Resource[resources.length];
    int length = 0;
    for (Resource resource : resources) {
      if (resource != null) {
        kept[length++] = resource;
      }
    }
    return length == 0
        ? EMPTY
        : new Resources(length == kept.length ? kept : Arrays.copyOf(kept, length));
  }

  public boolean contains(Resources that) {
    return tryMinus(that) != null;
  }

  public boolean isEmpty() {
    return items.length == 0;
  }

  /** Number of entries. */
  public int size() {
    return items.length;
  }

  public Resource get(int index) {
    return items[index];
  }

  /** Sum of all scalars of that name, reserved or not, in thousandths. */
  public long thousandths(String name) {
    long sum = 0;
    for (Resource item : items) {
      if (item.amount() instanceof Scalar scalar && item.key().name().equals(name)) {
        sum += scalar.thousandths();
      }
    }
    return sum;
  }

  public Resources filter(Predicate<ResourceKey> wanted) {
    int kept = 0;
    for (Resource item : items) {
      kept += wanted.test(item.key()) ? 1 : 0;
    }
    if (kept == items.length) {
      return this;
    }
    Resource[] some = new Resource[kept];
    int length = 0;
    for (Resource item : items) {
      if (wanted.test(item.key())) {
        some[length++] = item;
      }
    }
    return kept == 0 ? EMPTY : new Resources(some);
  }

  /** The same amounts under other keys, merged where the new keys allow it. */
  public Resources mapKeys(UnaryOperator<ResourceKey> change) {
    List<Resource> changed = new ArrayList<>(items.length);
    for (Resource item : items) {
      changed.add(new Resource(change.apply(item.key()), item.amount(), item.copies()));
    }
    return of(changed);
  }

  /**
   * What a framework of this role may be given: everything unreserved, and what is reserved to the
   * role or to one of its ancestors.
   */
  public Resources allocatableTo(String role) {
    return filter(key -> !key.isReserved() || Roles.isSelfOrAncestor(key.reservationRole(), role));
  }

  public Resources unreserved() {
    return filter(key -> !key.isReserved());
  }

  /** Reserved resources by the role that holds the reservation, sorted by role. */
  public Map<String, Resources> reservedByRole() {
    return groupBy(ResourceKey::reservationRole, key -> key.isReserved());
  }

  /** What each role holds, sorted by role; resources that nobody holds are left out. */
  public Map<String, Resources> byAllocationRole() {
    return groupBy(
        key -> key.allocationRole() == null ? Roles.ANY : key.allocationRole(),
        key -> key.allocationRole() != null);
  }

  private Map<String, Resources> groupBy(
      Function<ResourceKey, String> group, Predicate<ResourceKey> wanted) {
    List<String> names =
        Arrays.stream(items)
            .map(Resource::key)
            .filter(wanted)
            .map(group)
            .distinct()
            .sorted()
            .collect(Collectors.toList());
    Map<String, Resources> groups = new LinkedHashMap<>();
    for (String name : names) {
      groups.put(name, filter(key -> wanted.test(key) && group.apply(key).equals(name)));
    }
    return Collections.unmodifiableMap(groups);
  }

  /** The same resources, held by a role. */
  public Resources allocatedTo(String role) {
    return mapKeys(key -> key.withAllocationRole(role));
  }

  /** The same resources, held by nobody. */
  public Resources unallocated() {
    return mapKeys(key -> key.withAllocationRole(null));
  }

  @Override
  public Iterator<Resource> iterator() {
    return Arrays.asList(items).iterator();
  }

  @Override
  public boolean equals(Object that) {
    return that instanceof Resources resources && Arrays.equals(items, resources.items);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(items);
  }

  /** As in Mesos' messages: {@code cpus:4; mem:1024}. */
  @Override
  public String toString() {
    return Arrays.stream(items).map(Resource::toString).collect(Collectors.joining("; "));
  }
}
