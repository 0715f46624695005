package io.perigee.master.core.allocation;

/**
 * Something that competes with its siblings: a role, the frameworks directly in a role, or a
 * framework in a role.
 *
 * <p>Its place is decided by dominant share, then by how often it was served, then by name. Source:
 * mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp. Shares are doubles: they are compared,
 * never summed, and Java's division gives the same result everywhere.
 */
abstract sealed class Contender permits RoleNode, RoleClients, Client {
  final String name;

  /** Thousandths by {@link ScalarIndex} slot. */
  final long[] allocated = new long[ScalarIndex.MOST];

  double weight = 1.0;

  /** Offers ever made to it, as Mesos counts allocations for its second sort key. */
  long allocations;

  double share;

  Contender(String name) {
    this.name = name;
  }

  /** The siblings it stands among, or null while it does not compete. */
  abstract Line line();

  void computeShare(long[] totals) {
    double dominant = 0;
    for (int i = 0; i < totals.length; i++) {
      if (totals[i] > 0 && allocated[i] > 0) {
        dominant = Math.max(dominant, (double) allocated[i] / totals[i]);
      }
    }
    share = dominant / weight;
  }

  /** Negative if this one is to be served before {@code that}. */
  final int compareTo(Contender that) {
    int order = Double.compare(share, that.share);
    if (order == 0) {
      order = Long.compare(allocations, that.allocations);
    }
    return order == 0 ? name.compareTo(that.name) : order;
  }
}
