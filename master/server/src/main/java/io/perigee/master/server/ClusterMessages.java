package io.perigee.master.server;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.perigee.master.core.cluster.AgentSnapshot;
import io.perigee.master.core.cluster.ClusterSnapshot;
import io.perigee.master.core.cluster.FrameworkSnapshot;
import io.perigee.master.core.cluster.Task;
import io.perigee.mesos.v1.master.Event;
import io.perigee.mesos.v1.master.Response;
import io.perigee.mesos.v1.master.Response.GetAgents;
import io.perigee.mesos.v1.master.Response.GetExecutors;
import io.perigee.mesos.v1.master.Response.GetFrameworks;
import io.perigee.mesos.v1.master.Response.GetState;
import io.perigee.mesos.v1.master.Response.GetTasks;
import io.perigee.model.Resources;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The operator API's big reads of one snapshot, part by part. Made by and for one reader. Source:
 * mesos/src/master/readonly_handler.cpp.
 */
final class ClusterMessages {
  private final ClusterSnapshot snapshot;
  private final Fragments<Task>.Showing shownTasks;
  private final Fragments<AgentSnapshot>.Showing shownAgents;
  private final FrameworkMessages frameworks;

  /**
   * @param shownTasks in the format in which they will be asked for, as {@code shownAgents}
   */
  ClusterMessages(
      ClusterSnapshot snapshot,
      Fragments<Task>.Showing shownTasks,
      Fragments<AgentSnapshot>.Showing shownAgents) {
    this.snapshot = snapshot;
    this.shownTasks = shownTasks;
    this.shownAgents = shownAgents;
    this.frameworks = new FrameworkMessages(snapshot);
  }

  /** For one who will not ask again. */
  static ClusterMessages of(ClusterSnapshot snapshot) {
    return new ClusterMessages(
        snapshot, new Fragments<Task>().some(), new Fragments<AgentSnapshot>().some());
  }

  /**
   * An answer.
   *
   * @param type GET_STATE, GET_TASKS, GET_EXECUTORS, GET_FRAMEWORKS or GET_AGENTS
   */
  List<Part> response(Response.Type type) {
    return List.of(
        type(Response.getDescriptor(), type.getValueDescriptor()),
        switch (type) {
          case GET_STATE -> new Part.Group(field(Response.getDescriptor(), "get_state"), state());
          case GET_TASKS -> tasks(Response.getDescriptor());
          case GET_EXECUTORS -> executors(Response.getDescriptor());
          case GET_FRAMEWORKS -> frameworks(Response.getDescriptor());
          case GET_AGENTS -> agents(Response.getDescriptor());
          case UNKNOWN,
              GET_HEALTH,
              GET_FLAGS,
              GET_VERSION,
              GET_METRICS,
              GET_LOGGING_LEVEL,
              LIST_FILES,
              READ_FILE,
              GET_OPERATIONS,
              GET_ROLES,
              GET_WEIGHTS,
              GET_MASTER,
              GET_MAINTENANCE_STATUS,
              GET_MAINTENANCE_SCHEDULE,
              GET_QUOTA ->
              throw new IllegalArgumentException(type + " is no big read");
        });
  }

  /** The first event of a subscription. */
  List<Part> subscribed() {
    Descriptor subscribed = Event.Subscribed.getDescriptor();
    return List.of(
        type(Event.getDescriptor(), Event.Type.SUBSCRIBED.getValueDescriptor()),
        new Part.Group(
            field(Event.getDescriptor(), "subscribed"),
            List.of(
                new Part.Group(field(subscribed, "get_state"), state()),
                new Part.Quantity(
                    field(subscribed, "heartbeat_interval_seconds"),
                    OperatorEvents.HEARTBEAT_SECONDS))));
  }

  private List<Part> state() {
    Descriptor state = GetState.getDescriptor();
    return List.of(tasks(state), executors(state), frameworks(state), agents(state));
  }

  private Part tasks(Descriptor in) {
    Descriptor tasks = GetTasks.getDescriptor();
    return new Part.Group(
        field(in, "get_tasks"),
        List.of(
            list(tasks, "tasks", tasks(FrameworkSnapshot::tasks)),
            list(tasks, "unreachable_tasks", tasks(FrameworkSnapshot::unreachableTasks)),
            list(tasks, "completed_tasks", tasks(FrameworkSnapshot::completedTasks))));
  }

  private Iterable<Part.Element> tasks(Function<FrameworkSnapshot, List<Task>> which) {
    return () ->
        Stream.concat(snapshot.frameworks().stream(), snapshot.completedFrameworks().stream())
            .flatMap(framework -> which.apply(framework).stream())
            .<Part.Element>map(
                task -> format -> shownTasks.of(task, () -> format.encode(TaskMessages.of(task))))
            .iterator();
  }

  private Part executors(Descriptor in) {
    return new Part.Group(
        field(in, "get_executors"),
        List.of(
            list(
                GetExecutors.getDescriptor(),
                "executors",
                () ->
                    snapshot.frameworks().stream()
                        .flatMap(framework -> framework.executors().stream())
                        .map(FrameworkMessages::of)
                        .map(ClusterMessages::element)
                        .iterator())));
  }

  private Part frameworks(Descriptor in) {
    Descriptor descriptor = GetFrameworks.getDescriptor();
    return new Part.Group(
        field(in, "get_frameworks"),
        List.of(
            list(descriptor, "frameworks", frameworks(snapshot.frameworks())),
            list(descriptor, "completed_frameworks", frameworks(snapshot.completedFrameworks()))));
  }

  private Iterable<Part.Element> frameworks(List<FrameworkSnapshot> some) {
    return () -> some.stream().map(frameworks::of).map(ClusterMessages::element).iterator();
  }

  private Part agents(Descriptor in) {
    ClusterView view = new ClusterView(snapshot);
    Descriptor descriptor = GetAgents.getDescriptor();
    return new Part.Group(
        field(in, "get_agents"),
        List.of(
            list(
                descriptor,
                "agents",
                () ->
                    snapshot.agents().stream()
                        .map(agent ->
                            element(agent, view.usedOn(agent.id()), view.offeredOn(agent.id())))
                        .iterator()),
            list(
                descriptor,
                "recovered_agents",
                () ->
                    snapshot.recoveredAgents().stream().map(ClusterMessages::element).iterator())));
  }

  private static Part list(Descriptor in, String name, Iterable<Part.Element> elements) {
    return new Part.Listing(field(in, name), elements);
  }

  private Part.Element element(AgentSnapshot agent, Resources used, Resources offered) {
    return format ->
        shownAgents.of(
            agent,
            List.of(used, offered),
            () -> format.encode(AgentMessages.of(agent, used, offered)));
  }

  private static Part.Element element(Message message) {
    return format -> format.encode(message);
  }

  private static Part type(Descriptor in, EnumValueDescriptor value) {
    return new Part.Choice(field(in, "type"), value);
  }

  private static FieldDescriptor field(Descriptor in, String name) {
    FieldDescriptor field = in.findFieldByName(name);
    if (field == null) {
      throw new IllegalArgumentException(in.getFullName() + " has no field " + name);
    }
    return field;
  }
}
