package io.perigee.master.core.validation;

import io.perigee.mesos.v1.ContainerInfo;
import io.perigee.mesos.v1.Parameter;
import io.perigee.mesos.v1.Volume;
import java.util.Optional;

/**
 * Whether a container is described wholly. Source: mesos/src/common/validation.cpp,
 * validateContainerInfo.
 */
final class ContainerValidator {
  private ContainerValidator() {}

  static Optional<String> problem(ContainerInfo container) {
    for (Volume volume : container.getVolumesList()) {
      Optional<String> problem = volumeProblem(volume);
      if (problem.isPresent()) {
        return Optional.of("Invalid volume: " + problem.get());
      }
    }
    if (container.getType() == ContainerInfo.Type.DOCKER) {
      if (!container.hasDocker()) {
        return Optional.of("DockerInfo 'docker' is not set for DOCKER typed ContainerInfo");
      }
      for (Parameter parameter : container.getDocker().getParametersList()) {
        if (parameter.getKey().equals("name")) {
          return Optional.of("Parameter in DockerInfo must not be 'name'");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> volumeProblem(Volume volume) {
    int sources =
        (volume.hasHostPath() ? 1 : 0) + (volume.hasImage() ? 1 : 0) + (volume.hasSource() ? 1 : 0);
    if (sources != 1) {
      return Optional.of("Only one of them should be set: 'host_path', 'image' and 'source'");
    }
    if (!volume.hasSource()) {
      return Optional.empty();
    }
    Volume.Source source = volume.getSource();
    return switch (source.getType()) {
      case DOCKER_VOLUME -> missing(source.hasDockerVolume(), "docker_volume");
      case HOST_PATH -> missing(source.hasHostPath(), "host_path");
      case SANDBOX_PATH -> missing(source.hasSandboxPath(), "sandbox_path");
      case SECRET -> missing(source.hasSecret(), "secret");
      case CSI_VOLUME -> missing(source.hasCsiVolume(), "csi_volume");
      case UNKNOWN -> Optional.of("'source.type' is unknown");
    };
  }

  private static Optional<String> missing(boolean isThere, String name) {
    return isThere
        ? Optional.empty()
        : Optional.of("'source." + name + "' is not set for this type of volume");
  }
}
