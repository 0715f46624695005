package io.perigee.cli.ask;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.perigee.client.Reader;
import io.perigee.common.ExitCode;
import io.perigee.common.NearestName;
import io.perigee.mesos.v1.TaskState;
import io.perigee.model.TaskStates;
import io.perigee.net.Counters;
import io.perigee.net.EventLoops;
import io.perigee.net.client.ClientLimits;
import io.perigee.net.client.ClientResponse;
import io.perigee.net.client.HttpClient;
import io.perigee.net.client.HttpFailure;
import io.perigee.net.link.LinkLimits;
import io.perigee.net.tls.Tls;
import io.perigee.net.tls.TlsException;
import io.perigee.net.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A master and what it knows. Its questions block. Safe for all threads. */
public final class Cluster implements AutoCloseable {
  private static final Map<String, String> ALL_TASKS = Map.of("limit", "1000000");

  private final EventLoops loops = new EventLoops("net", 1);
  private final @Nullable Tls tls;
  private final HttpClient http;
  private final Reader master;

  /**
   * @param files for a master that is reached over TLS
   * @throws CommandFailed if one of them is not there, or not understood
   */
  Cluster(URI uri, TlsFiles files) throws CommandFailed {
    Counters counters = new Counters();
    try {
      this.tls =
          uri.getScheme().equals("https") ? Tls.client(files, Duration.ofDays(1), counters) : null;
    } catch (TlsException unusable) {
      loops.close();
      throw new CommandFailed("TLS: " + unusable.getMessage(), ExitCode.USAGE);
    }
    this.http =
        new HttpClient(loops, ClientLimits.defaults(), LinkLimits.defaults(), tls, counters);
    this.master = new Reader(http, uri);
  }

  public HttpClient http() {
    return http;
  }

  public URI uri() {
    return master.base();
  }

  /** Agents as {@code /slaves} shows them, in the order of their registration. */
  public List<Fields> agents() throws CommandFailed {
    return Fields.of(ask("/slaves", Map.of())).objects("slaves");
  }

  /** Frameworks as {@code /frameworks} shows them, those that ended last. */
  public List<Fields> frameworks() throws CommandFailed {
    Fields answer = Fields.of(ask("/frameworks", Map.of()));
    return Stream.concat(
            answer.objects("frameworks").stream(), answer.objects("completed_frameworks").stream())
        .toList();
  }

  /** All tasks that the master remembers, as {@code /tasks} shows them, the latest first. */
  public List<Fields> tasks() throws CommandFailed {
    return Fields.of(ask("/tasks", ALL_TASKS)).objects("tasks");
  }

  /**
   * The one task that is meant by an id or its beginning.
   *
   * @param frameworkId or its beginning, where several frameworks have such a task; or null
   */
  public Fields task(String id, @Nullable String frameworkId) throws CommandFailed {
    List<Fields> candidates =
        tasks().stream().filter(task -> matches(task.text("framework_id"), frameworkId)).toList();
    return one("task", id, candidates, task -> task.text("id"));
  }

  /** Whether a task's state is a last one. */
  public static boolean hasEnded(Fields task) {
    EnumValueDescriptor state = TaskState.getDescriptor().findValueByName(task.text("state"));
    return state != null && TaskStates.isTerminal(TaskState.valueOf(state));
  }

  private static boolean matches(String id, @Nullable String wanted) {
    return wanted == null || id.startsWith(wanted) || id.endsWith(wanted);
  }

  private static Fields one(
      String kind, String wanted, List<Fields> candidates, Function<Fields, String> id)
      throws CommandFailed {
    List<Fields> same = candidates.stream().filter(c -> id.apply(c).equals(wanted)).toList();
    List<Fields> found =
        same.isEmpty()
            ? candidates.stream().filter(c -> id.apply(c).startsWith(wanted)).toList()
            : same;
    if (found.isEmpty()) {
      String hint =
          NearestName.among(candidates.stream().map(id).toList(), wanted)
              .map(nearest -> "; did you mean " + nearest + "?")
              .orElse("; see them all with: perigee " + kind + "s --all");
      throw new CommandFailed("there is no " + kind + " " + wanted + hint);
    }
    if (found.size() > 1) {
      throw new CommandFailed(
          "several "
              + kind
              + "s are called "
              + wanted
              + ": "
              + found.stream()
                  .limit(5)
                  .map(f -> id.apply(f) + " of framework " + f.text("framework_id"))
                  .toList()
              + "; give more of the id, or --framework");
    }
    return found.getFirst();
  }

  /** The agent of this id, to be asked for files. */
  public Reader agent(String agentId) throws CommandFailed {
    for (Fields agent : agents()) {
      if (agent.text("id").equals(agentId)) {
        return agent(agent.text("hostname"), (int) agent.number("port"));
      }
    }
    throw new CommandFailed(
        "agent " + agentId + " is not registered: its sandboxes cannot be read now");
  }

  /** The agent at an address; over TLS if the master is, since Mesos' messages do not tell. */
  public Reader agent(String host, int port) {
    String authority = host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    return new Reader(http, URI.create(uri().getScheme() + "://" + authority));
  }

  /** Kills a task as an operator. */
  public void kill(String frameworkId, String taskId) throws CommandFailed {
    byte[] body =
        Json.text(Map.of("framework_id", frameworkId, "task_id", taskId))
            .getBytes(StandardCharsets.UTF_8);
    ClientResponse answer = asking(() -> master.post("/perigee/v1/kill", "application/json", body));
    if (answer.status() != 202) {
      throw new CommandFailed(
          "the master answers " + answer.status() + ": " + answer.text().strip());
    }
  }

  private Object ask(String path, Map<String, String> parameters) throws CommandFailed {
    return asking(() -> master.get(path, parameters));
  }

  private interface Question<T> {
    T ask() throws IOException, InterruptedException;
  }

  private <T> T asking(Question<T> question) throws CommandFailed {
    try {
      return question.ask();
    } catch (HttpFailure none) {
      throw new CommandFailed(unreachable(none));
    } catch (IOException wrong) {
      throw new CommandFailed(String.valueOf(wrong.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted");
    }
  }

  private String unreachable(HttpFailure failure) {
    if (failure.kind() != HttpFailure.Kind.CONNECT_FAILED) {
      return String.valueOf(failure.getMessage());
    }
    String why = failure.getCause() == null ? "" : failure.getCause().getMessage();
    return "cannot reach a master at %s (%s); start one with '%s local', or say where it is: --master=HOST:PORT"
        .formatted(uri(), why, System.getProperty("perigee.command", "perigee"));
  }

  @Override
  public void close() {
    http.close();
    if (tls != null) {
      tls.close();
    }
    loops.close();
  }
}
