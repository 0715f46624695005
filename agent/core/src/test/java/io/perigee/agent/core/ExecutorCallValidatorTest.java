package io.perigee.agent.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.perigee.mesos.v1.ExecutorID;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.executor.Call;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts are Mesos', most of them as recorded. */
class ExecutorCallValidatorTest {
  private static Call.Builder call() {
    return Call.newBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue("fw"))
        .setExecutorId(ExecutorID.newBuilder().setValue("ex"));
  }

  private static Call.Builder call(Call.Type type) {
    return call().setType(type);
  }

  private static Call.Builder update(Consumer<TaskStatus.Builder> change) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue("t"))
            .setState(TaskState.TASK_RUNNING)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(ByteString.copyFrom(new byte[16]));
    change.accept(status);
    return call(Call.Type.UPDATE).setUpdate(Call.Update.newBuilder().setStatus(status));
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        Arguments.of(call(), "Expecting 'type' to be present"),
        Arguments.of(call(Call.Type.SUBSCRIBE), "Expecting 'subscribe' to be present"),
        Arguments.of(call(Call.Type.UPDATE), "Expecting 'update' to be present"),
        Arguments.of(call(Call.Type.MESSAGE), "Expecting 'message' to be present"),
        Arguments.of(update(TaskStatus.Builder::clearUuid), "Expecting 'uuid' to be present"),
        Arguments.of(update(s -> s.setUuid(ByteString.copyFrom(new byte[3]))), "Not a valid UUID"),
        Arguments.of(
            update(s -> s.setExecutorId(ExecutorID.newBuilder().setValue("other"))),
            "ExecutorID in Call: ex does not match ExecutorID in TaskStatus: other"),
        Arguments.of(
            update(s -> s.setSource(TaskStatus.Source.SOURCE_AGENT)),
            "Received Call from executor ex of framework fw with invalid source, expecting"
                + " 'SOURCE_EXECUTOR'"),
        Arguments.of(
            update(TaskStatus.Builder::clearSource),
            "Received Call from executor ex of framework fw with invalid source, expecting"
                + " 'SOURCE_EXECUTOR'"),
        Arguments.of(
            update(s -> s.setState(TaskState.TASK_STAGING)),
            "Received TASK_STAGING from executor ex of framework fw which is not allowed"),
        Arguments.of(update(s -> {}), ""),
        Arguments.of(
            call(Call.Type.SUBSCRIBE).setSubscribe(Call.Subscribe.getDefaultInstance()), ""),
        Arguments.of(
            call(Call.Type.MESSAGE).setMessage(Call.Message.newBuilder().setData(ByteString.EMPTY)),
            ""),
        Arguments.of(call(Call.Type.HEARTBEAT), ""),
        Arguments.of(call(Call.Type.UNKNOWN), ""));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void problemsAreToldInMesosWords(Call.Builder call, String problem) {
    assertThat(ExecutorCallValidator.problem(call.build()).orElse("")).isEqualTo(problem);
  }
}
