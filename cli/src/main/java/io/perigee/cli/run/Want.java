package io.perigee.cli.run;

import io.perigee.mesos.v1.Offer;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What each instance needs of an offer.
 *
 * @param scalars by name, above 0
 */
record Want(Map<String, Double> scalars) {
  /** Scalars have three decimals on the wire: model.Amount. */
  private static final double LEAST = 0.0005;

  Want {
    scalars = new TreeMap<>(scalars);
  }

  /**
   * Takes as many shares as fit, at most {@code most}, those parts first that are reserved. Disks
   * that are volumes and resources that can be taken back are left.
   */
  List<List<Resource>> sharesOf(Offer offer, int most) {
    List<Resource> left = new ArrayList<>();
    offer.getResourcesList().stream().filter(r -> r.getReservationsCount() > 0).forEach(left::add);
    offer.getResourcesList().stream().filter(r -> r.getReservationsCount() == 0).forEach(left::add);
    left.removeIf(r -> r.getType() != Value.Type.SCALAR || r.hasRevocable() || r.hasDisk());
    List<List<Resource>> shares = new ArrayList<>();
    while (shares.size() < most) {
      List<Resource> share = new ArrayList<>();
      for (Map.Entry<String, Double> wanted : scalars.entrySet()) {
        if (!take(wanted.getKey(), wanted.getValue(), left, share)) {
          return shares;
        }
      }
      shares.add(share);
    }
    return shares;
  }

  private static boolean take(
      String name, double amount, List<Resource> left, List<Resource> share) {
    double missing = amount;
    for (int i = 0; i < left.size() && missing >= LEAST; i++) {
      Resource resource = left.get(i);
      double has = resource.getScalar().getValue();
      if (!resource.getName().equals(name) || has < LEAST) {
        continue;
      }
      double taken = Math.min(has, missing);
      share.add(with(resource, taken));
      left.set(i, with(resource, has - taken));
      missing -= taken;
    }
    return missing < LEAST;
  }

  private static Resource with(Resource resource, double value) {
    return resource.toBuilder().setScalar(Value.Scalar.newBuilder().setValue(value)).build();
  }

  /** {@code cpus 0.1, mem 32}. */
  @Override
  public String toString() {
    return text(scalars);
  }

  /** What an offer has of all that is wanted, as {@link #toString} writes it. */
  String found(Offer offer) {
    Map<String, Double> found = new LinkedHashMap<>();
    scalars.keySet().forEach(name -> found.put(name, 0.0));
    offer
        .getResourcesList()
        .forEach(
            r -> found.computeIfPresent(r.getName(), (n, sum) -> sum + r.getScalar().getValue()));
    return text(found);
  }

  private static String text(Map<String, Double> scalars) {
    return scalars.entrySet().stream()
        .map(e ->
            e.getKey()
                + " "
                + BigDecimal.valueOf(e.getValue()).stripTrailingZeros().toPlainString())
        .collect(Collectors.joining(", "));
  }
}
