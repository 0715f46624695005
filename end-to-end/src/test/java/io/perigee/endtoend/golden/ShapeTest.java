package io.perigee.endtoend.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.Tree;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a difference. JSON is written with ' for ". */
final class ShapeTest {
  private static List<String> differences(String recorded, String ours) {
    return shape(recorded).differences(shape(ours));
  }

  private static Shape shape(String json) {
    return Shape.of(Tree.json(json.replace('\'', '"')));
  }

  @Test
  void orderDoesNotMatter() {
    assertThat(differences("{'a':[1,2],'b':{'c':'x'}}", "{'b':{'c':'x'},'a':[2,1]}")).isEmpty();
  }

  @Test
  void missingNewAndOtherTypesDifferEachOnce() {
    assertThat(differences("{'a':{'b':1},'c':1.0,'e':[]}", "{'c':1,'d':{'f':true},'e':['x']}"))
        .containsExactlyInAnyOrder(
            "$.a is missing", "$.c is [integer], not [decimal]", "$.d is new", "$.e[] is new");
  }

  @Test
  void otherValuesDiffer() {
    assertThat(differences("{'a':[{'b':'x'}],'c':true}", "{'a':[{'b':'y'}],'c':false}"))
        .containsExactly("$.a[].b says [y], not [x]", "$.c says [false], not [true]");
  }

  @Test
  void keysThatAreDataHaveOnePath() {
    assertThat(differences("{'flags':{'a':'1'},'/x':'y'}", "{'flags':{'b':''},'/z':''}")).isEmpty();
    assertThat(differences("{'flags':{'a':'1'}}", "{'flags':{'a':1}}"))
        .containsExactly("$.flags.* is [integer], not [string]");
  }

  @Test
  void timesIdsAndWhatIsMeasuredDifferNaturally() {
    assertThat(
            differences(
                "{'timestamp':1.5,'registered_time':{'nanoseconds':7},'container_id':{'value':'a'}}",
                "{'timestamp':2.5,'registered_time':{'nanoseconds':8},'container_id':{'value':'b'}}"))
        .isEmpty();
    assertThat(
            differences(
                "{'uuid':'a','size':5,'statistics':{'mem_rss_bytes':1},'master/uptime_secs':1.5}",
                "{'uuid':'b','size':6,'statistics':{'mem_rss_bytes':2},'master/uptime_secs':2.5}"))
        .isEmpty();
  }

  @Test
  void statisticsHaveTheFieldsThatCanBeMeasuredHere() {
    assertThat(differences("{'statistics':{'a':1,'b':2}}", "{'statistics':{'b':3.5,'c':{'d':1}}}"))
        .containsExactly("$.statistics.b is [decimal], not [integer]");
  }

  @Test
  void naturalDifferencesAreNotOnesOfType() {
    assertThat(differences("{'timestamp':1.5,'uuid':'a'}", "{'timestamp':'now'}"))
        .containsExactlyInAnyOrder("$.timestamp is [string], not [decimal]", "$.uuid is missing");
  }

  @Test
  void durationsAreNotTimes() {
    assertThat(
            differences("{'grace_period':{'nanoseconds':3}}", "{'grace_period':{'nanoseconds':4}}"))
        .containsExactly("$.grace_period.nanoseconds says [4.0], not [3.0]");
  }

  @Test
  void randomIdsDifferWhereverTheyAreButNotWhatFollows() {
    String recorded = "{'id':'976a7e9f-cde6-44d2-ae94-39b7176f67c2-S0','offer':'x-O1'}";
    assertThat(
            differences(
                recorded,
                "{'id':'0c8f29a1-0000-4000-8000-000000000000-S0',"
                    + "'offer':'0c8f29a1-0000-4000-8000-000000000000-O17'}"))
        .isEmpty();
    assertThat(
            differences(
                recorded, "{'id':'0c8f29a1-0000-4000-8000-000000000000-S1','offer':'x-O1'}"))
        .containsExactly("$.id says [<uuid>-S1], not [<uuid>-S0]");
  }
}
