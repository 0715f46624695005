package io.perigee.master.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.perigee.master.core.OperatorNotice;
import io.perigee.master.core.OperatorNotice.FrameworkAdded;
import io.perigee.master.core.OperatorNotice.FrameworkRemoved;
import io.perigee.master.core.OperatorNotice.TaskAdded;
import io.perigee.master.core.OperatorNotice.TaskUpdated;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.master.Event;
import io.perigee.mesos.v1.master.Response;
import io.perigee.mesos.v1.master.Response.GetState;
import io.perigee.protocol.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers and events beside the recorded ones. */
class OperatorMessagesTest {

  private static Response recorded(String name) throws IOException {
    return Recorded.parse(Recorded.text(name), Response.getDefaultInstance());
  }

  @Test
  void theWholeStateIsTheRecordedOne() throws IOException {
    checkRead("get_state", recorded("get_state").getGetState());
  }

  @Test
  void executorsAreTheRecordedOnes() throws IOException {
    checkRead("get_executors", recorded("get_state").getGetState());
  }

  @Test
  void frameworksWithOffersAreTheRecordedOnes() throws IOException {
    checkRead("get_frameworks", withOffers());
  }

  private static GetState withOffers() throws IOException {
    return recorded("get_state").getGetState().toBuilder()
        .setGetFrameworks(recorded("get_frameworks").getGetFrameworks())
        .build();
  }

  @Test
  void rolesAreTheRecordedOnes() throws IOException {
    assertThat(OperatorResponses.roles(Recorded.cluster(withOffers())))
        .isEqualTo(recorded("get_roles"));
  }

  @Test
  void unreachableTasksAreTheRecordedOnes() throws IOException {
    GetState.Builder state = recorded("get_state").getGetState().toBuilder();
    state.setGetTasks(recorded("get_tasks-unreachable").getGetTasks());
    checkRead("get_tasks-unreachable", state.build());
  }

  @Test
  void agentsOfTheRegistryAreTheRecordedOnes() throws IOException {
    checkRead(
        "get_agents-recovered",
        GetState.newBuilder()
            .setGetAgents(recorded("get_agents-recovered").getGetAgents())
            .build());
  }

  @Test
  void anAgentWithAVolumeIsTheRecordedOne() throws IOException {
    var agent = recorded("get_agents-with-volume").getGetAgents().getAgents(0);

    assertThat(
            canonical(
                AgentMessages.of(
                    Recorded.agent(agent),
                    Recorded.resources(agent.getAllocatedResourcesList()),
                    Recorded.resources(agent.getOfferedResourcesList()))))
        .isEqualTo(canonical(agent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET_STATE", "GET_TASKS", "GET_EXECUTORS", "GET_FRAMEWORKS", "GET_AGENTS"})
  void ofNothingThereAreEmptyLists(String type) throws IOException {
    ClusterSnapshot nothing = Recorded.cluster(GetState.getDefaultInstance());
    List<Part> response = ClusterMessages.of(nothing).response(Response.Type.valueOf(type));

    Response message = Response.parseFrom(write(WireFormat.PROTOBUF, response));
    assertThat(text(WireFormat.JSON, response))
        .isEqualTo(new String(WireFormat.JSON.encode(message), StandardCharsets.UTF_8));
    assertThat(message.getAllFields()).hasSize(2);
  }

  /** More than one chunk. */
  @Test
  void aLongListIsOneListForReadersOfProtobuf() throws IOException {
    GetState.Builder state = recorded("get_state").getGetState().toBuilder();
    var task = state.getGetTasks().getTasks(0);
    for (int i = 0; i < 1000; i++) {
      state
          .getGetTasksBuilder()
          .addTasks(task.toBuilder().setTaskId(task.getTaskId().toBuilder().setValue("t" + i)));
    }
    List<Part> response =
        ClusterMessages.of(Recorded.cluster(state.build())).response(Response.Type.GET_STATE);

    Response read = Response.parseFrom(write(WireFormat.PROTOBUF, response));

    assertThat(read.getGetState().getGetTasks().getTasksList())
        .hasSize(1002)
        .extracting(t -> t.getTaskId().getValue())
        .endsWith("t998", "t999");
    assertThat(Recorded.parse(text(WireFormat.JSON, response), Response.getDefaultInstance()))
        .isEqualTo(read);
  }

  /** The recorded stream from the recorded state on, through what the core would have told. */
  @Test
  void eventsAreTheRecordedOnes() throws IOException {
    List<String> lines = Recorded.text("events").lines().toList();
    Event subscribed = Recorded.parse(lines.getFirst(), Event.getDefaultInstance());
    ClusterMessages state =
        ClusterMessages.of(Recorded.cluster(subscribed.getSubscribed().getGetState()));
    checkSame(Event.parseFrom(write(WireFormat.PROTOBUF, state.subscribed())), subscribed);
    assertSameText(text(WireFormat.JSON, state.subscribed()), lines.getFirst());
    assertThat(json(OperatorEvents.HEARTBEAT)).isEqualTo(lines.get(1));

    Map<String, Task> tasks = new HashMap<>();
    int events = 0;
    for (String line : lines.subList(2, lines.size())) {
      Event recorded = Recorded.parse(line, Event.getDefaultInstance());
      assertThat(json(OperatorEvents.of(notice(recorded, tasks)))).isEqualTo(json(recorded));
      events++;
    }
    assertThat(events).isEqualTo(10);
  }

  private static OperatorNotice notice(Event event, Map<String, Task> tasks) {
    return switch (event.getType()) {
      case TASK_ADDED -> {
        Task task = Recorded.task(event.getTaskAdded().getTask());
        tasks.put(task.id(), task);
        yield new TaskAdded(task);
      }
      case TASK_UPDATED -> {
        var update = event.getTaskUpdated();
        Task before = tasks.get(update.getStatus().getTaskId().getValue());
        Task after = before.after(update.getStatus(), update.getState());
        tasks.put(after.id(), after);
        yield new TaskUpdated(after, update.getStatus());
      }
      case FRAMEWORK_ADDED ->
          new FrameworkAdded(
              Recorded.framework(
                  event.getFrameworkAdded().getFramework(), GetState.getDefaultInstance()));
      case FRAMEWORK_REMOVED ->
          new FrameworkRemoved(event.getFrameworkRemoved().getFrameworkInfo());
      default -> throw new AssertionError(event.getType() + " was not recorded");
    };
  }

  private static void checkRead(String name, GetState state) throws IOException {
    String text = Recorded.text(name);
    Response recorded = recorded(name);
    List<Part> response = ClusterMessages.of(Recorded.cluster(state)).response(recorded.getType());

    checkSame(Response.parseFrom(write(WireFormat.PROTOBUF, response)), recorded);
    String json = text(WireFormat.JSON, response);
    checkSame(Recorded.parse(json, Response.getDefaultInstance()), recorded);
    assertSameText(json, text);
  }

  private static void checkSame(Message message, Message recorded) {
    assertThat(canonical(message)).isEqualTo(canonical(recorded));
  }

  /** The same characters, whatever the order of resources and the last digit of times. */
  private static void assertSameText(String json, String recorded) {
    assertThat(characters(json)).isEqualTo(characters(recorded));
  }

  private static int[] characters(String json) {
    return json.replaceAll("\"timestamp\":[0-9.]+", "").chars().sorted().toArray();
  }

  /** Lists of resources have an order of their own, here and there: they are sorted. */
  private static Message canonical(Message message) {
    Message.Builder sorted = message.toBuilder();
    for (FieldDescriptor field : message.getAllFields().keySet()) {
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isMapField()) {
        continue;
      }
      if (!field.isRepeated()) {
        sorted.setField(field, canonical((Message) message.getField(field)));
        continue;
      }
      List<Message> elements = new ArrayList<>();
      ((List<?>) message.getField(field)).forEach(e -> elements.add(canonical((Message) e)));
      if (field.getMessageType().getName().equals("Resource")) {
        elements.sort(Comparator.comparing(Message::toString));
      }
      sorted.setField(field, elements);
    }
    return sorted.build();
  }

  private static byte[] write(WireFormat format, List<Part> message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PartWriter.write(format, message, out);
    return out.toByteArray();
  }

  private static String text(WireFormat format, List<Part> message) throws IOException {
    return new String(write(format, message), StandardCharsets.UTF_8);
  }

  private static String json(Event event) {
    return new String(WireFormat.JSON.encode(event), StandardCharsets.UTF_8);
  }
}
