package io.perigee.master.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentsTest {
  private final Fragments<List<String>> fragments = new Fragments<>();
  private final List<String> rendered = new ArrayList<>();

  /** Equal to others of its name, but never the same. */
  private static List<String> thing(String name) {
    return new ArrayList<>(List.of(name));
  }

  private String show(Fragments<List<String>>.Showing shown, List<String> thing) {
    return new String(
        shown.of(
            thing,
            () -> {
              rendered.add(thing.getFirst());
              return thing.getFirst().getBytes(UTF_8);
            }),
        UTF_8);
  }

  private void showAll(List<List<String>> things) {
    Fragments<List<String>>.Showing all = fragments.all();
    things.forEach(thing -> assertThat(show(all, thing)).isEqualTo(thing.getFirst()));
    all.end();
  }

  @Test
  void onlyWhatIsNewIsRenderedAgain() {
    List<String> a = thing("a");
    showAll(List.of(a, thing("b")));
    showAll(List.of(a, thing("b"), thing("c")));
    assertThat(rendered).containsExactly("a", "b", "b", "c");
    assertThat(fragments.size()).isEqualTo(3);
  }

  @Test
  void whatIsNotShownAnyMoreIsForgotten() {
    List<String> a = thing("a");
    showAll(List.of(a, thing("b")));
    showAll(List.of());
    assertThat(fragments.size()).isZero();
    showAll(List.of(a));
    assertThat(rendered).containsExactly("a", "b", "a");
  }

  @Test
  void whatStandsBesideAThingCounts() {
    List<String> a = thing("a");
    for (int beside : new int[] {1000, 1000, 2000}) {
      Fragments<List<String>>.Showing all = fragments.all();
      all.of(
          a,
          beside,
          () -> {
            rendered.add("a beside " + beside);
            return new byte[0];
          });
      all.end();
    }
    assertThat(rendered).containsExactly("a beside 1000", "a beside 2000");
  }

  @Test
  void whoShowsSomeForgetsNothingAndRemembersNothing() {
    List<String> a = thing("a");
    showAll(List.of(a));
    Fragments<List<String>>.Showing some = fragments.some();
    show(some, a);
    show(some, thing("b"));
    some.end();
    assertThat(rendered).containsExactly("a", "b");
    assertThat(fragments.size()).isEqualTo(1);
  }

  @Test
  void anAnswerThatWasNotFinishedChangesNothing() {
    List<String> a = thing("a");
    List<String> b = thing("b");
    showAll(List.of(a, b));
    show(fragments.all(), a);
    showAll(List.of(a, b));
    assertThat(rendered).containsExactly("a", "b");
  }
}
