package io.perigee.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds up many bags of resources without making one for each step, as {@link Resources#plus} does:
 * scalars are counted in place, all else is added as usual. For one thread.
 */
public final class ResourceSum {
  private ResourceKey[] keys = new ResourceKey[4];
  private long[] thousandths = new long[4];
  private int size;
  private Resources others = Resources.EMPTY;

  public void add(Resources some) {
    for (Resource resource : some) {
      if (resource.amount() instanceof Scalar scalar && resource.key().isMergeable()) {
        int index = indexOf(resource.key());
        thousandths[index] = Math.addExact(thousandths[index], scalar.thousandths());
      } else {
        others = others.plus(Resources.of(resource));
      }
    }
  }

  private int indexOf(ResourceKey key) {
    for (int i = 0; i < size; i++) {
      if (keys[i].equals(key)) {
        return i;
      }
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      thousandths = Arrays.copyOf(thousandths, 2 * size);
    }
    keys[size] = key;
    return size++;
  }

  /** What was added so far. */
  public Resources total() {
    List<Resource> scalars = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      scalars.add(new Resource(keys[i], new Scalar(thousandths[i])));
    }
    return Resources.of(scalars).plus(others);
  }
}
