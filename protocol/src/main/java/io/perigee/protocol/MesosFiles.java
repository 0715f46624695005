package io.perigee.protocol;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.perigee.mesos.v1.MesosProto;
import io.perigee.mesos.v1.agent.AgentProto;
import io.perigee.mesos.v1.allocator.AllocatorProto;
import io.perigee.mesos.v1.executor.ExecutorProto;
import io.perigee.mesos.v1.maintenance.MaintenanceProto;
import io.perigee.mesos.v1.master.MasterProto;
import io.perigee.mesos.v1.quota.QuotaProto;
import io.perigee.mesos.v1.resource_provider.ResourceProviderProto;
import io.perigee.mesos.v1.scheduler.SchedulerProto;
import java.util.List;

/** The files that make up the Mesos v1 interface. */
public final class MesosFiles {
  /** All nine. */
  public static final List<FileDescriptor> ALL =
      List.of(
          MesosProto.getDescriptor(),
          SchedulerProto.getDescriptor(),
          ExecutorProto.getDescriptor(),
          MasterProto.getDescriptor(),
          AgentProto.getDescriptor(),
          QuotaProto.getDescriptor(),
          MaintenanceProto.getDescriptor(),
          AllocatorProto.getDescriptor(),
          ResourceProviderProto.getDescriptor());

  private MesosFiles() {}
}
