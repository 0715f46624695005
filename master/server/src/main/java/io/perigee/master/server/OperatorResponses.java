package io.perigee.master.server;

import com.google.protobuf.ByteString;
import io.perigee.endpoints.Build;
import io.perigee.endpoints.MetricsJson;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.mesos.v1.FileInfo;
import io.perigee.mesos.v1.Flag;
import io.perigee.mesos.v1.VersionInfo;
import io.perigee.mesos.v1.maintenance.ClusterStatus;
import io.perigee.mesos.v1.maintenance.Schedule;
import io.perigee.mesos.v1.master.Response;
import io.perigee.mesos.v1.quota.QuotaStatus;
import java.util.List;
import java.util.Map;

/** The small answers of the operator API, as the recordings have them. Pure. */
final class OperatorResponses {
  private OperatorResponses() {}

  private static Response.Builder of(Response.Type type) {
    return Response.newBuilder().setType(type);
  }

  static Response health() {
    return of(Response.Type.GET_HEALTH)
        .setGetHealth(Response.GetHealth.newBuilder().setHealthy(true))
        .build();
  }

  /**
   * @param values by name, sorted
   */
  static Response flags(Map<String, String> values) {
    Response.GetFlags.Builder flags = Response.GetFlags.newBuilder();
    values.forEach(
        (name, value) -> flags.addFlags(Flag.newBuilder().setName(name).setValue(value)));
    return of(Response.Type.GET_FLAGS).setGetFlags(flags).build();
  }

  static Response version(Build build) {
    VersionInfo version = build.message();
    return of(Response.Type.GET_VERSION)
        .setGetVersion(Response.GetVersion.newBuilder().setVersionInfo(version))
        .build();
  }

  static Response master(MasterIdentity identity) {
    return of(Response.Type.GET_MASTER)
        .setGetMaster(
            Response.GetMaster.newBuilder()
                .setMasterInfo(identity.info())
                .setStartTime(identity.startSeconds())
                .setElectedTime(identity.startSeconds()))
        .build();
  }

  static Response loggingLevel(int level) {
    return of(Response.Type.GET_LOGGING_LEVEL)
        .setGetLoggingLevel(Response.GetLoggingLevel.newBuilder().setLevel(level))
        .build();
  }

  static Response metrics(Map<String, Double> values) {
    return of(Response.Type.GET_METRICS)
        .setGetMetrics(Response.GetMetrics.newBuilder().addAllMetrics(MetricsJson.messages(values)))
        .build();
  }

  static Response roles(ClusterSnapshot snapshot) {
    return of(Response.Type.GET_ROLES)
        .setGetRoles(Response.GetRoles.newBuilder().addAllRoles(RoleMessages.of(snapshot)))
        .build();
  }

  static Response files(List<FileInfo> entries) {
    return of(Response.Type.LIST_FILES)
        .setListFiles(Response.ListFiles.newBuilder().addAllFileInfos(entries))
        .build();
  }

  static Response file(long size, ByteString data) {
    return of(Response.Type.READ_FILE)
        .setReadFile(Response.ReadFile.newBuilder().setSize(size).setData(data))
        .build();
  }

  // What follows is all there is to say while none of it can be configured.

  static Response operations() {
    return of(Response.Type.GET_OPERATIONS)
        .setGetOperations(Response.GetOperations.getDefaultInstance())
        .build();
  }

  static Response weights() {
    return of(Response.Type.GET_WEIGHTS).build();
  }

  static Response quota() {
    return of(Response.Type.GET_QUOTA)
        .setGetQuota(Response.GetQuota.newBuilder().setStatus(QuotaStatus.getDefaultInstance()))
        .build();
  }

  static Response maintenanceStatus() {
    return of(Response.Type.GET_MAINTENANCE_STATUS)
        .setGetMaintenanceStatus(
            Response.GetMaintenanceStatus.newBuilder()
                .setStatus(ClusterStatus.getDefaultInstance()))
        .build();
  }

  static Response maintenanceSchedule() {
    return of(Response.Type.GET_MAINTENANCE_SCHEDULE)
        .setGetMaintenanceSchedule(
            Response.GetMaintenanceSchedule.newBuilder().setSchedule(Schedule.getDefaultInstance()))
        .build();
  }
}
