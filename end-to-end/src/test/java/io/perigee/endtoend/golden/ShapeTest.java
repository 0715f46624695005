package io.perigee.endtoend.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.endtoend.Tree;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a difference. */
final class ShapeTest {
  private static List<String> differences(String recorded, String ours) {
    return Shape.of(Tree.json(recorded)).differences(Shape.of(Tree.json(ours)));
  }

  @Test
  void otherValuesOfTheSameTypesDoNotDiffer() {
    assertThat(
            differences(
                "{'a':[1,2],'b':{'c':'x'}}".replace('\'', '"'), "{\"b\":{\"c\":\"\"},\"a\":[3]}"))
        .isEmpty();
  }

  @Test
  void missingNewAndOtherTypesDifferEachOnce() {
    assertThat(
            differences(
                "{\"a\":{\"b\":1},\"c\":1.0,\"e\":[]}",
                "{\"c\":1,\"d\":{\"f\":true},\"e\":[\"x\"]}"))
        .containsExactlyInAnyOrder(
            "$.a is missing", "$.c is [integer], not [decimal]", "$.d is new", "$.e[] is new");
  }

  @Test
  void keysThatAreDataHaveOnePath() {
    assertThat(
            differences(
                "{\"flags\":{\"a\":\"1\"},\"/x\":\"y\"}", "{\"flags\":{\"b\":\"\"},\"/z\":\"\"}"))
        .isEmpty();
    assertThat(differences("{\"flags\":{\"a\":\"1\"}}", "{\"flags\":{\"a\":1}}"))
        .containsExactly("$.flags.* is [integer], not [string]");
  }
}
