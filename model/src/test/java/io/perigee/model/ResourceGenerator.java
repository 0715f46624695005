package io.perigee.model;

import io.perigee.common.SeededRandom;
import io.perigee.mesos.v1.Label;
import io.perigee.mesos.v1.Labels;
import io.perigee.mesos.v1.Resource.DiskInfo;
import io.perigee.mesos.v1.Volume;
import java.util.ArrayList;
import java.util.List;

/** Draws resources of every kind from a small world, so that keys meet often. */
public final class ResourceGenerator {
  private static final List<String> SCALARS = List.of("cpus", "mem", "disk", "gpus", "bandwidth");
  private static final List<String> ROLES = List.of("a", "a/b", "c");

  private final SeededRandom random;

  public ResourceGenerator(SeededRandom random) {
    this.random = random;
  }

  public Resources next() {
    List<Resource> resources = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      resources.add(nextOne());
    }
    return Resources.of(resources);
  }

  private Resource nextOne() {
    ResourceKey key =
        switch (random.nextInt(8)) {
          case 0 -> ResourceKey.PORTS;
          case 1 -> ResourceKey.of("zones", Amount.Shape.SET);
          case 2 -> ResourceKey.DISK.withDisk(disk(), false);
          case 3 -> ResourceKey.DISK.withDisk(volume(), true);
          default -> ResourceKey.of(pick(SCALARS), Amount.Shape.SCALAR);
        };
    if (random.chance(0.4)) {
      key = key.withReservations(stack());
    }
    if (random.chance(0.3)) {
      key = key.withAllocationRole(pick(ROLES));
    }
    Amount amount =
        switch (key.shape()) {
          case SCALAR -> new Scalar(1 + random.nextInt(5_000));
          case RANGES -> ranges();
          case SET -> Items.of(List.of("z" + random.nextInt(4), "y" + random.nextInt(4)));
        };
    return new Resource(key, amount, key.isShared() ? 1 + random.nextInt(3) : 1);
  }

  public Ranges ranges() {
    List<Ranges.Range> ranges = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int begin = random.nextInt(60);
      ranges.add(new Ranges.Range(begin, begin + random.nextInt(10)));
    }
    return Ranges.of(ranges);
  }

  private List<Reservation> stack() {
    Labels labels =
        Labels.newBuilder().addLabels(Label.newBuilder().setKey("k").setValue("v")).build();
    Reservation dynamic =
        new Reservation(Reservation.Type.DYNAMIC, "a", "p", random.chance(0.5) ? labels : null);
    return switch (random.nextInt(3)) {
      case 0 -> List.of(Reservation.fixed("a"));
      case 1 -> List.of(dynamic);
      default ->
          List.of(
              Reservation.fixed("a"), new Reservation(Reservation.Type.DYNAMIC, "a/b", null, null));
    };
  }

  private DiskInfo disk() {
    if (random.chance(0.4)) {
      return volume();
    }
    DiskInfo.Source.Builder source = DiskInfo.Source.newBuilder();
    String root = "/d" + random.nextInt(2);
    switch (random.nextInt(3)) {
      case 0 ->
          source
              .setType(DiskInfo.Source.Type.MOUNT)
              .setMount(DiskInfo.Source.Mount.newBuilder().setRoot(root));
      case 1 ->
          source
              .setType(DiskInfo.Source.Type.PATH)
              .setPath(DiskInfo.Source.Path.newBuilder().setRoot(root));
      default -> source.setType(DiskInfo.Source.Type.RAW);
    }
    return DiskInfo.newBuilder().setSource(source).build();
  }

  private DiskInfo volume() {
    return DiskInfo.newBuilder()
        .setPersistence(DiskInfo.Persistence.newBuilder().setId("v" + random.nextInt(2)))
        .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW))
        .build();
  }

  private String pick(List<String> names) {
    return names.get(random.nextInt(names.size()));
  }
}
