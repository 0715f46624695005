package io.perigee.model;

import io.perigee.mesos.v1.Resource.DiskInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a resource but its amount. Two resources can be added or subtracted only if
 * their keys are equal. Source: mesos/src/common/resources.cpp, addable and subtractable.
 *
 * @param name such as {@code cpus}, {@code mem} (MiB), {@code disk} (MiB), {@code ports}
 * @param reservations the reservation stack, outermost role first; empty if unreserved
 * @param disk volume and source of a disk; null for all else
 * @param isRevocable true for oversubscribed resources
 * @param isShared true for a volume that several tasks may use at once
 * @param providerId resource provider, or null for the agent's own
 * @param allocationRole role of the framework that holds it; null while nobody does, and wherever
 *     the role is kept beside the resources
 */
public record ResourceKey(
    String name,
    Amount.Shape shape,
    List<Reservation> reservations,
    @Nullable DiskInfo disk,
    boolean isRevocable,
    boolean isShared,
    @Nullable String providerId,
    @Nullable String allocationRole)
    implements Comparable<ResourceKey> {

  public static final ResourceKey CPUS = plain("cpus", Amount.Shape.SCALAR);
  public static final ResourceKey MEM = plain("mem", Amount.Shape.SCALAR);
  public static final ResourceKey DISK = plain("disk", Amount.Shape.SCALAR);
  public static final ResourceKey GPUS = plain("gpus", Amount.Shape.SCALAR);
  public static final ResourceKey PORTS = plain("ports", Amount.Shape.RANGES);

  public ResourceKey {
    Objects.requireNonNull(name);
    reservations = List.copyOf(reservations);
  }

  private static ResourceKey plain(String name, Amount.Shape shape) {
    return new ResourceKey(name, shape, List.of(), null, false, false, null, null);
  }

  /** The key of an unreserved resource that nobody holds. */
  public static ResourceKey of(String name, Amount.Shape shape) {
    ResourceKey wellKnown =
        switch (name) {
          case "cpus" -> CPUS;
          case "mem" -> MEM;
          case "disk" -> DISK;
          case "gpus" -> GPUS;
          case "ports" -> PORTS;
          default -> null;
        };
    return wellKnown != null && wellKnown.shape == shape ? wellKnown : plain(name, shape);
  }

  public ResourceKey withReservations(List<Reservation> stack) {
    return new ResourceKey(
        name, shape, stack, disk, isRevocable, isShared, providerId, allocationRole);
  }

  /**
   * @param role null to forget who holds it
   */
  public ResourceKey withAllocationRole(@Nullable String role) {
    return Objects.equals(role, allocationRole)
        ? this
        : new ResourceKey(name, shape, reservations, disk, isRevocable, isShared, providerId, role);
  }

  public ResourceKey withDisk(@Nullable DiskInfo newDisk, boolean shared) {
    return new ResourceKey(
        name, shape, reservations, newDisk, isRevocable, shared, providerId, allocationRole);
  }

  public boolean isReserved() {
    return !reservations.isEmpty();
  }

  public boolean isPersistentVolume() {
    return disk != null && disk.hasPersistence();
  }

  /**
   * The role it is reserved to: that of the last entry of the stack; {@code *} if it is unreserved.
   */
  public String reservationRole() {
    return reservations.isEmpty() ? Roles.ANY : reservations.getLast().role();
  }

  /**
   * True if amounts of equal keys become one amount. Volumes and whole disks stay apart, because
   * half of one is not one.
   */
  boolean isMergeable() {
    if (isShared || disk == null) {
      return !isShared;
    }
    if (disk.hasPersistence()) {
      return false;
    }
    if (!disk.hasSource()) {
      return true;
    }
    return switch (disk.getSource().getType()) {
      case MOUNT, BLOCK -> false;
      case RAW -> !disk.getSource().hasId();
      case PATH, UNKNOWN -> true;
    };
  }

  /** Well-known names first, in the order in which people read them. */
  private int rank() {
    return switch (name) {
      case "cpus" -> 0;
      case "mem" -> 1;
      case "disk" -> 2;
      case "gpus" -> 3;
      case "ports" -> 4;
      default -> 5;
    };
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  /**
   * By hand, not by a {@link java.util.Comparator} of nine steps: every sum compares keys, and that
   * was 45 % of answering {@code /state} (./dev bench state-read).
   */
  @Override
  @SuppressWarnings("ReferenceEquality") // A shortcut: most keys are the shared constants.
  public int compareTo(ResourceKey that) {
    return this == that ? 0 : compareParts(that);
  }

  /** Apart from its caller, so that the shortcut there is small enough to be inlined. */
  private int compareParts(ResourceKey that) {
    int order = Integer.compare(rank(), that.rank());
    if (order == 0) {
      order = name.compareTo(that.name);
    }
    if (order == 0) {
      order = shape.compareTo(that.shape);
    }
    if (order == 0) {
      order = Boolean.compare(isRevocable, that.isRevocable);
    }
    if (order == 0) {
      order = Boolean.compare(isShared, that.isShared);
    }
    if (order == 0) {
      order = text(allocationRole).compareTo(text(that.allocationRole));
    }
    if (order == 0) {
      order = reservationsText().compareTo(that.reservationsText());
    }
    if (order == 0) {
      order = text(providerId).compareTo(text(that.providerId));
    }
    return order == 0 ? text(disk).compareTo(text(that.disk)) : order;
  }

  private String reservationsText() {
    return reservations.isEmpty() ? "" : reservations.toString();
  }

  /** As in Mesos' messages: {@code disk(allocated: r)(reservations: [(STATIC,r)])[id:path]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    if (allocationRole != null) {
      text.append("(allocated: ").append(allocationRole).append(')');
    }
    if (!reservations.isEmpty()) {
      text.append("(reservations: ");
      text.append('[')
          .append(String.join(",", reservations.stream().map(Reservation::toString).toList()));
      text.append("])");
    }
    if (disk != null) {
      text.append('[').append(diskText(disk)).append(']');
    }
    return text.append(isRevocable ? "{REV}" : "").append(isShared ? "<SHARED>" : "").toString();
  }

  private static String diskText(DiskInfo disk) {
    StringBuilder text = new StringBuilder();
    if (disk.hasSource()) {
      text.append(disk.getSource().getType());
      if (disk.getSource().hasPath()) {
        text.append(':').append(disk.getSource().getPath().getRoot());
      } else if (disk.getSource().hasMount()) {
        text.append(':').append(disk.getSource().getMount().getRoot());
      }
    }
    if (disk.hasPersistence()) {
      text.append(text.isEmpty() ? "" : ",").append(disk.getPersistence().getId());
    }
    if (disk.hasVolume()) {
      text.append(':').append(disk.getVolume().getContainerPath());
    }
    return text.toString();
  }
}
