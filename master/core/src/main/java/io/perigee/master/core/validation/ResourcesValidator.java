package io.perigee.master.core.validation;

import io.perigee.common.Checked;
import io.perigee.model.Resource;
import io.perigee.model.ResourceWire;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What tasks and executors may ask for. Source: mesos/src/master/validation.cpp, namespace
 * resource.
 */
final class ResourcesValidator {
  private ResourcesValidator() {}

  /**
   * Reads what one task or executor asks for.
   *
   * @param what {@code Task} or {@code Executor}, with which a problem begins
   * @param role of the offers; resources that name no role are allocated to it
   * @return the resources, all allocated to one role
   */
  static Checked<Resources> read(
      String what, List<io.perigee.mesos.v1.Resource> messages, String role) {
    return switch (ResourceWire.read(messages)) {
      case Checked.Invalid<Resources>(String problem) ->
          Checked.invalid(what + " uses invalid resources: " + problem);
      case Checked.Valid<Resources>(Resources read) -> {
        Resources resources =
            read.mapKeys(key -> key.allocationRole() == null ? key.withAllocationRole(role) : key);
        Optional<String> problem =
            gpusProblem(resources)
                .map(wrong -> what + " uses invalid resources: " + wrong)
                .or(() ->
                    volumesProblem(resources)
                        .map(wrong -> what + " uses duplicate persistence ID: " + wrong))
                .or(() ->
                    rolesProblem(resources)
                        .map(wrong ->
                            "Invalid " + what.toLowerCase(Locale.ROOT) + " resources: " + wrong))
                .or(() ->
                    mixtureProblem(resources)
                        .map(wrong ->
                            what + " mixes revocable and non-revocable resources: " + wrong));
        yield problem.isPresent() ? Checked.invalid(problem.get()) : Checked.valid(resources);
      }
    };
  }

  private static Optional<String> gpusProblem(Resources resources) {
    for (Resource resource : resources) {
      if (resource.key().name().equals("gpus")
          && resource.amount() instanceof Scalar gpus
          && gpus.thousandths() % 1000 != 0) {
        return Optional.of("The 'gpus' resource must be an unsigned integer");
      }
    }
    return Optional.empty();
  }

  /** Ids of volumes name directories of the agent. */
  static Optional<String> volumesProblem(Resources resources) {
    Set<List<String>> ids = new HashSet<>();
    for (Resource resource : resources) {
      if (resource.key().disk() != null && resource.key().isPersistentVolume()) {
        String id = resource.key().disk().getPersistence().getId();
        if (!ids.add(List.of(resource.key().reservationRole(), id))) {
          return Optional.of("Persistence ID '" + id + "' is not unique");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> rolesProblem(Resources resources) {
    String first = null;
    for (Resource resource : resources) {
      String role = resource.key().allocationRole();
      if (first == null) {
        first = role;
      } else if (!first.equals(role)) {
        return Optional.of(
            "The resources have multiple allocation roles ('"
                + role
                + "' and '"
                + first
                + "') but only one allocation role is allowed");
      }
    }
    return Optional.empty();
  }

  static Optional<String> mixtureProblem(Resources resources) {
    Set<String> lasting = new HashSet<>();
    for (Resource resource : resources) {
      if (!resource.key().isRevocable()) {
        lasting.add(resource.key().name());
      }
    }
    for (Resource resource : resources) {
      if (resource.key().isRevocable() && lasting.contains(resource.key().name())) {
        return Optional.of(
            "Cannot use both revocable and non-revocable '"
                + resource.key().name()
                + "' at the same time");
      }
    }
    return Optional.empty();
  }

  /** True if two of these want the same item of a set or the same number of a range. */
  static boolean overlap(List<Resources> parts) {
    Resources sum = Resources.EMPTY;
    for (Resources part : parts) {
      Resources both = sum.plus(part);
      if (!both.minus(part).equals(sum)) {
        return true;
      }
      sum = both;
    }
    return false;
  }
}
