package io.perigee.model;

import io.perigee.common.Checked;
import io.perigee.mesos.v1.Resource.AllocationInfo;
import io.perigee.mesos.v1.Resource.ReservationInfo;
import io.perigee.mesos.v1.ResourceProviderID;
import io.perigee.mesos.v1.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Resources as messages. Reads both forms of a reservation and writes the one the receiver
 * understands. Source: mesos/src/common/resources.cpp (validate) and resources_utils.cpp
 * (convertResourceFormat).
 */
public final class ResourceWire {

  /** How reservations are written. */
  public enum Format {
    /** {@code role} and {@code reservation}; resources with a refined reservation are left out. */
    PRE_REFINEMENT,
    /** {@code reservations} alone. */
    POST_REFINEMENT,
    /** Both, for the old endpoints: {@code role}, and {@code reservations} where there are any. */
    ENDPOINT
  }

  private ResourceWire() {}

  /** Reads resources, or says in Mesos' words which one is wrong and why. */
  public static Checked<Resources> read(List<io.perigee.mesos.v1.Resource> messages) {
    List<Resource> resources = new ArrayList<>(messages.size());
    for (io.perigee.mesos.v1.Resource message : messages) {
      switch (readOne(message)) {
        case Checked.Valid<Resource>(Resource resource) -> resources.add(resource);
        case Checked.Invalid<Resource>(String problem) -> {
          return Checked.invalid("Resource '" + brief(message) + "' is invalid: " + problem);
        }
      }
    }
    return Checked.valid(Resources.of(resources));
  }

  private static String brief(io.perigee.mesos.v1.Resource message) {
    return switch (message.getType()) {
      case SCALAR -> message.getName() + ":" + message.getScalar().getValue();
      case RANGES, SET, TEXT -> message.getName();
    };
  }

  private static Checked<Resource> readOne(io.perigee.mesos.v1.Resource message) {
    if (message.getName().isEmpty()) {
      return Checked.invalid("Empty resource name");
    }
    return readAmount(message)
        .then(amount ->
            readKey(message, amount).then(key -> Checked.valid(new Resource(key, amount))));
  }

  private static Checked<Amount> readAmount(io.perigee.mesos.v1.Resource message) {
    return switch (message.getType()) {
      case SCALAR -> {
        if (!message.hasScalar() || message.hasRanges() || message.hasSet()) {
          yield Checked.invalid("Invalid scalar resource");
        }
        double value = message.getScalar().getValue();
        if (!(Math.abs(value) <= Scalar.MOST)) {
          yield Checked.invalid("Invalid scalar resource: not a number of at most 10^12");
        }
        if (value < 0) {
          yield Checked.invalid("Invalid scalar resource: value < 0");
        }
        yield Checked.valid(Scalar.of(value));
      }
      case RANGES -> {
        if (message.hasScalar() || !message.hasRanges() || message.hasSet()) {
          yield Checked.invalid("Invalid ranges resource");
        }
        yield readRanges(message.getRanges());
      }
      case SET -> {
        if (message.hasScalar() || message.hasRanges() || !message.hasSet()) {
          yield Checked.invalid("Invalid set resource");
        }
        List<String> names = message.getSet().getItemList();
        yield new HashSet<>(names).size() < names.size()
            ? Checked.invalid("Invalid set resource: duplicated elements")
            : Checked.valid(Items.of(names));
      }
      case TEXT -> Checked.invalid("Unsupported resource type");
    };
  }

  private static Checked<Amount> readRanges(Value.Ranges message) {
    List<Ranges.Range> ranges = new ArrayList<>();
    long size = 0;
    for (Value.Range range : message.getRangeList()) {
      if (Long.compareUnsigned(range.getBegin(), range.getEnd()) > 0) {
        return Checked.invalid("Invalid ranges resource: begin > end");
      }
      if (range.getEnd() < 0 || range.getEnd() == Long.MAX_VALUE) {
        return Checked.invalid("Invalid ranges resource: end beyond 2^63 - 2");
      }
      ranges.add(new Ranges.Range(range.getBegin(), range.getEnd()));
      size += range.getEnd() - range.getBegin() + 1;
    }
    Ranges union = Ranges.of(ranges);
    return union.size() == size
        ? Checked.valid(union)
        : Checked.invalid("Invalid ranges resource: overlapping ranges");
  }

  private static Checked<ResourceKey> readKey(io.perigee.mesos.v1.Resource message, Amount amount) {
    if (message.hasDisk() && !message.getName().equals("disk")) {
      return Checked.invalid("DiskInfo should not be set for " + message.getName() + " resource");
    }
    if (message.hasShared() && !message.getName().equals("disk")) {
      return Checked.invalid("Resource " + message.getName() + " cannot be shared");
    }
    if (message.hasShared() && !message.getDisk().hasPersistence()) {
      return Checked.invalid("Only persistent volumes can be shared");
    }
    return readReservations(message)
        .then(stack -> {
          String allocationRole =
              message.hasAllocationInfo() ? message.getAllocationInfo().getRole() : null;
          boolean isPlain =
              stack.isEmpty()
                  && !message.hasDisk()
                  && !message.hasRevocable()
                  && !message.hasProviderId();
          ResourceKey plain = ResourceKey.of(message.getName(), amount.shape());
          return Checked.valid(
              isPlain
                  ? plain.withAllocationRole(allocationRole)
                  : new ResourceKey(
                      message.getName(),
                      amount.shape(),
                      stack,
                      message.hasDisk() ? message.getDisk() : null,
                      message.hasRevocable(),
                      message.hasShared(),
                      message.hasProviderId() ? message.getProviderId().getValue() : null,
                      allocationRole));
        });
  }

  private static Checked<List<Reservation>> readReservations(io.perigee.mesos.v1.Resource message) {
    if (message.getReservationsCount() > 0) {
      String last = message.getReservations(message.getReservationsCount() - 1).getRole();
      return hasRole(message) && !role(message).equals(last)
          ? Checked.invalid("'Resource.role' differs from that of 'Resource.reservations'")
          : readStack(message.getReservationsList());
    }
    String role = role(message);
    if (role.equals(Roles.ANY)) {
      return message.hasReservation()
          ? Checked.invalid("Invalid reservation: role \"*\" cannot be dynamically reserved")
          : Checked.valid(List.of());
    }
    Optional<String> problem = Roles.problem(role);
    if (problem.isPresent()) {
      return Checked.invalid(problem.get());
    }
    ReservationInfo info = message.getReservation();
    return Checked.valid(
        List.of(
            message.hasReservation()
                ? new Reservation(
                    Reservation.Type.DYNAMIC,
                    role,
                    principal(info),
                    info.hasLabels() ? info.getLabels() : null)
                : Reservation.fixed(role)));
  }

  @SuppressWarnings("deprecation") // The old form is part of the wire.
  private static String role(io.perigee.mesos.v1.Resource message) {
    return message.getRole();
  }

  @SuppressWarnings("deprecation") // The old form is part of the wire.
  private static boolean hasRole(io.perigee.mesos.v1.Resource message) {
    return message.hasRole();
  }

  private static @Nullable String principal(ReservationInfo info) {
    return info.hasPrincipal() ? info.getPrincipal() : null;
  }

  private static Checked<List<Reservation>> readStack(List<ReservationInfo> infos) {
    List<Reservation> stack = new ArrayList<>(infos.size());
    for (ReservationInfo info : infos) {
      if (!info.hasType() || info.getType() == ReservationInfo.Type.UNKNOWN) {
        return Checked.invalid("Invalid reservation: 'type' is missing");
      }
      if (!info.hasRole() || info.getRole().equals(Roles.ANY)) {
        return Checked.invalid("Invalid reservation: role is missing or \"*\"");
      }
      Optional<String> problem = Roles.problem(info.getRole());
      if (problem.isPresent()) {
        return Checked.invalid(problem.get());
      }
      boolean isStatic = info.getType() == ReservationInfo.Type.STATIC;
      if (isStatic && !stack.isEmpty()) {
        return Checked.invalid(
            "Invalid refined reservation: only a dynamic one may refine another");
      }
      if (!stack.isEmpty() && !Roles.isStrictSubrole(info.getRole(), stack.getLast().role())) {
        return Checked.invalid(
            "Invalid refined reservation: role '"
                + info.getRole()
                + "' is not a refinement of '"
                + stack.getLast().role()
                + "'");
      }
      stack.add(
          new Reservation(
              isStatic ? Reservation.Type.STATIC : Reservation.Type.DYNAMIC,
              info.getRole(),
              principal(info),
              info.hasLabels() ? info.getLabels() : null));
    }
    return Checked.valid(stack);
  }

  /** Writes resources in one form; a shared volume once for each copy. */
  public static List<io.perigee.mesos.v1.Resource> write(Resources resources, Format format) {
    List<io.perigee.mesos.v1.Resource> messages = new ArrayList<>(resources.size());
    for (Resource resource : resources) {
      if (format == Format.PRE_REFINEMENT && resource.key().reservations().size() > 1) {
        continue;
      }
      io.perigee.mesos.v1.Resource message = writeOne(resource, format);
      for (int i = 0; i < resource.copies(); i++) {
        messages.add(message);
      }
    }
    return messages;
  }

  private static io.perigee.mesos.v1.Resource writeOne(Resource resource, Format format) {
    ResourceKey key = resource.key();
    io.perigee.mesos.v1.Resource.Builder message =
        io.perigee.mesos.v1.Resource.newBuilder().setName(key.name());
    switch (resource.amount()) {
      case Scalar scalar ->
          message
              .setType(Value.Type.SCALAR)
              .setScalar(Value.Scalar.newBuilder().setValue(scalar.value()));
      case Ranges ranges -> message.setType(Value.Type.RANGES).setRanges(writeRanges(ranges));
      case Items items ->
          message.setType(Value.Type.SET).setSet(Value.Set.newBuilder().addAllItem(items.names()));
    }
    writeReservations(key, format, message);
    if (key.disk() != null) {
      message.setDisk(key.disk());
    }
    if (key.isRevocable()) {
      message.setRevocable(io.perigee.mesos.v1.Resource.RevocableInfo.getDefaultInstance());
    }
    if (key.isShared()) {
      message.setShared(io.perigee.mesos.v1.Resource.SharedInfo.getDefaultInstance());
    }
    if (key.providerId() != null) {
      message.setProviderId(ResourceProviderID.newBuilder().setValue(key.providerId()));
    }
    if (key.allocationRole() != null) {
      message.setAllocationInfo(AllocationInfo.newBuilder().setRole(key.allocationRole()));
    }
    return message.build();
  }

  static Value.Ranges writeRanges(Ranges ranges) {
    Value.Ranges.Builder message = Value.Ranges.newBuilder();
    for (Ranges.Range range : ranges.ranges()) {
      message.addRange(Value.Range.newBuilder().setBegin(range.begin()).setEnd(range.end()));
    }
    return message.build();
  }

  @SuppressWarnings("deprecation") // The old form is part of the wire.
  private static void writeReservations(
      ResourceKey key, Format format, io.perigee.mesos.v1.Resource.Builder message) {
    List<Reservation> stack = key.reservations();
    if (format != Format.POST_REFINEMENT && stack.size() < 2) {
      message.setRole(key.reservationRole());
      if (key.isReserved() && stack.getLast().type() == Reservation.Type.DYNAMIC) {
        ReservationInfo.Builder old = writeReservation(stack.getLast());
        message.setReservation(old.clearType().clearRole());
      }
    }
    if (format != Format.PRE_REFINEMENT) {
      stack.forEach(reservation -> message.addReservations(writeReservation(reservation)));
    }
  }

  private static ReservationInfo.Builder writeReservation(Reservation reservation) {
    ReservationInfo.Builder info =
        ReservationInfo.newBuilder()
            .setRole(reservation.role())
            .setType(
                switch (reservation.type()) {
                  case STATIC -> ReservationInfo.Type.STATIC;
                  case DYNAMIC -> ReservationInfo.Type.DYNAMIC;
                });
    if (reservation.principal() != null) {
      info.setPrincipal(reservation.principal());
    }
    if (reservation.labels() != null) {
      info.setLabels(reservation.labels());
    }
    return info;
  }
}
