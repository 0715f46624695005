package io.perigee.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.AgentID;
import io.perigee.mesos.v1.Attribute;
import io.perigee.mesos.v1.FrameworkID;
import io.perigee.mesos.v1.Label;
import io.perigee.mesos.v1.Labels;
import io.perigee.mesos.v1.Task;
import io.perigee.mesos.v1.TaskID;
import io.perigee.mesos.v1.TaskState;
import io.perigee.mesos.v1.TaskStatus;
import io.perigee.mesos.v1.Value;
import io.perigee.model.ResourceText;
import io.perigee.model.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Resources, attributes, tasks and metrics in the form of the old endpoints. */
class OldJsonTest {
  private static Resources resources(String text) {
    return ResourceText.parseResources(text, "*").orElseThrow();
  }

  private static String json(JsonAnswers.Body body) {
    return new String(JsonAnswers.bytes(body), UTF_8).replace('"', '\'');
  }

  @Test
  void resourcesOfANameAreSummedAndFourAreAlwaysThere() {
    assertThat(json(out -> ResourceJson.write(Resources.EMPTY, out)))
        .isEqualTo("{'disk':0.0,'mem':0.0,'gpus':0.0,'cpus':0.0}");
    assertThat(
            json(out ->
                ResourceJson.write(
                    resources("cpus:0.1;cpus(a):0.2;ports:[1-2];ports(a):[3-4];bones:{b,a}"), out)))
        .isEqualTo("{'disk':0.0,'mem':0.0,'gpus':0.0,'cpus':0.3,'ports':'[1-4]','bones':'{a, b}'}");
  }

  @Test
  void rolesHaveTheirOwn() {
    assertThat(json(out -> ResourceJson.writeByRole(Map.of("a/b", resources("mem:7")), out)))
        .isEqualTo("{'a/b':{'disk':0.0,'mem':7.0,'gpus':0.0,'cpus':0.0}}");
    assertThat(json(out -> ResourceJson.writeFull(resources("mem:7"), out)))
        .startsWith("[{'name':'mem','type':'SCALAR','scalar':{'value':7.0}")
        .endsWith("]");
  }

  @Test
  void ofSeveralAttributesOfANameTheLastIsShown() {
    List<Attribute> attributes =
        List.of(
            Attribute.newBuilder()
                .setName("rack")
                .setType(Value.Type.TEXT)
                .setText(Value.Text.newBuilder().setValue("a"))
                .build(),
            Attribute.newBuilder()
                .setName("rack")
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(2.5))
                .build());

    assertThat(json(out -> ResourceJson.writeAttributes(attributes, out)))
        .isEqualTo("{'rack':2.5}");
  }

  @Test
  void aTaskShowsItsStateAndWhatIsSetOfTheRest() {
    Task task =
        Task.newBuilder()
            .setName("n")
            .setTaskId(TaskID.newBuilder().setValue("t"))
            .setFrameworkId(FrameworkID.newBuilder().setValue("F"))
            .setAgentId(AgentID.newBuilder().setValue("A"))
            .setState(TaskState.TASK_STAGING)
            .putLimits("cpus", Value.Scalar.newBuilder().setValue(1.5).build())
            .putLimits("mem", Value.Scalar.newBuilder().setValue(1 / 0.0).build())
            .setLabels(Labels.newBuilder().addLabels(Label.newBuilder().setKey("k")))
            .build();
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(task.getTaskId())
            .setState(TaskState.TASK_RUNNING)
            .setTimestamp(12.5)
            .setHealthy(true)
            .build();

    assertThat(
            json(out ->
                TaskJson.write(
                    task, TaskState.TASK_RUNNING, resources("mem:1"), "r", List.of(status), out)))
        .startsWith(
            "{'id':'t','name':'n','framework_id':'F','executor_id':'','slave_id':'A',"
                + "'state':'TASK_RUNNING','resources':{'disk':0.0,'mem':1.0,")
        .contains("'cpus':1.5", "'mem':'Infinity'")
        .endsWith(
            "'role':'r','statuses':[{'state':'TASK_RUNNING','timestamp':12.5,'healthy':true}],"
                + "'labels':[{'key':'k'}]}");
  }

  @Test
  void metricsAreOneSortedObjectWithTheHosts() {
    String metrics = json(out -> MetricsJson.write(Map.of("z", 1.0, "a/b", 0.25), out));

    assertThat(metrics)
        .startsWith("{'a/b':0.25,")
        .endsWith(",'z':1.0}")
        .containsSubsequence(
            "'system/cpus_total':", "'system/load_1min':", "'system/mem_free_bytes':");
  }
}
