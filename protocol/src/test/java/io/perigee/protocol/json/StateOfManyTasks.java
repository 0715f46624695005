package io.perigee.protocol.json;

import com.google.protobuf.ByteString;
import io.perigee.common.SeededRandom;
import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.ContainerID;
import io.perigee.mesos.v1.ContainerStatus;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.NetworkInfo;
import io.perigee.mesos.v1.Resource;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.Value;
import io.perigee.mesos.v1.master.Response;

/** An answer to GET_STATE of the shape recorded from Mesos, of any size. */
final class StateOfManyTasks {
  private static final String MASTER = "976a7e9f-cde6-44d2-ae94-39b7176f67c2";

  private final SeededRandom random = new SeededRandom(1);

  private StateOfManyTasks() {}

  static Response make(int tasks) {
    StateOfManyTasks state = new StateOfManyTasks();
    Response.Builder response = Response.newBuilder().setType(Response.Type.GET_STATE);
    Response.GetTasks.Builder list = response.getGetStateBuilder().getGetTasksBuilder();
    for (int i = 0; i < tasks; i++) {
      list.addTasks(state.task(i));
    }
    return response.build();
  }

  private Task task(int number) {
    TaskID id = TaskID.newBuilder().setValue("service-" + number).build();
    AgentID agent = AgentID.newBuilder().setValue(MASTER + "-S" + number % 1000).build();
    return Task.newBuilder()
        .setName("service-" + number)
        .setTaskId(id)
        .setFrameworkId(FrameworkID.newBuilder().setValue(MASTER + "-0000"))
        .setAgentId(agent)
        .setState(TaskState.TASK_RUNNING)
        .addResources(resource("cpus", random.nextInt(160) / 10.0))
        .addResources(resource("mem", 32 + random.nextInt(4096)))
        .addStatuses(status(id, agent, TaskState.TASK_STARTING))
        .addStatuses(status(id, agent, TaskState.TASK_RUNNING))
        .setStatusUpdateState(TaskState.TASK_RUNNING)
        .setStatusUpdateUuid(uuid())
        .build();
  }

  private static Resource resource(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("services"))
        .build();
  }

  private TaskStatus status(TaskID task, AgentID agent, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(task)
        .setState(state)
        .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
        .setAgentId(agent)
        .setTimestamp(1_795_439_943 + random.nextInt(1_000_000) / 1e6)
        .setUuid(uuid())
        .setContainerStatus(
            ContainerStatus.newBuilder()
                .setContainerId(
                    ContainerID.newBuilder().setValue("b593c53a-d465-4eb2-b755-99143696bfb9"))
                .addNetworkInfos(
                    NetworkInfo.newBuilder()
                        .addIpAddresses(
                            NetworkInfo.IPAddress.newBuilder()
                                .setProtocol(NetworkInfo.Protocol.IPv4)
                                .setIpAddress("127.0.0.1")))
                .setExecutorPid(1000 + random.nextInt(30_000)))
        .build();
  }

  private ByteString uuid() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return ByteString.copyFrom(bytes);
  }
}
