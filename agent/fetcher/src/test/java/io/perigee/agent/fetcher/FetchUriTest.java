package io.perigee.agent.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.fetcher.FetchUri.Source;
import io.perigee.mesos.v1.CommandInfo;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchUriTest {
  private static final Path HOME = Path.of("/home/frameworks");

  private static FetchUri of(String value) throws FetchFailure {
    return FetchUri.of(CommandInfo.URI.newBuilder().setValue(value).build(), HOME);
  }

  private static FetchUri to(String outputFile) throws FetchFailure {
    return FetchUri.of(
        CommandInfo.URI.newBuilder().setValue("http://h/a").setOutputFile(outputFile).build(),
        null);
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/a, a",
    "http://h:1/b/a.tgz, a.tgz",
    "http://h/a.tgz?x=1&y=2, a.tgz?x=1&y=2",
    "http://h/a?p=/b, b",
    "/tmp/a, a",
    "file:///tmp/a, a",
    "rel/a, a",
    "'  http://h/a', a"
  })
  void theNameIsTheLastElementWithTheQueryAsInMesos(String uri, String name) throws Exception {
    assertThat(of(uri).target()).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h",
        "http://h/",
        "http://h/d/",
        "http://h/..",
        "http://h/.",
        "",
        "/",
        "a'b",
        "http://h/a\\b",
        "http://h/a\nb",
        "ftp://h/a",
        "hdfs://h/a",
        "http:///a",
        "http://h:x/a",
        "file://host/a",
        "http://u:secret@a_b/a"
      })
  void whatNamesNoFileIsRefusedWithoutSecrets(String uri) {
    assertThatThrownBy(() -> of(uri))
        .isInstanceOf(FetchFailure.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void placesAreUnderstood() throws Exception {
    assertThat(of("/a/b").source()).isEqualTo(new Source.LocalFile(Path.of("/a/b")));
    assertThat(of("file:///a/b").source()).isEqualTo(new Source.LocalFile(Path.of("/a/b")));
    assertThat(of("file://localhost/b").source()).isEqualTo(new Source.LocalFile(Path.of("/b")));
    assertThat(of("a/b").source()).isEqualTo(new Source.LocalFile(HOME.resolve("a/b")));
    assertThat(of("HTTPS://h/a b|c").source())
        .isEqualTo(new Source.Web(URI.create("https://h/a%20b%7Cc")));
    assertThatThrownBy(
            () -> FetchUri.of(CommandInfo.URI.newBuilder().setValue("a/b").build(), null))
        .hasMessageContaining("--frameworks_home");
  }

  @Test
  void anOutputFileStaysInTheSandbox() throws Exception {
    assertThat(to("d/./e//f").target()).containsExactly("d", "e", "f");
    for (String bad : new String[] {"/etc/x", "../x", "a/../../x", "a/", ".", "a/.."}) {
      assertThatThrownBy(() -> to(bad)).as(bad).hasMessageContaining("output_file");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://u:p@h/a?k=v#f, http://h/a",
    "http://h/a@b, http://h/a@b",
    "http://u:p@h?k=v/x, http://h",
    "http://u:p@ss@h/a, http://h/a",
    "/a?b@c, /a?b@c"
  })
  void whatIsSecretIsNotShown(String uri, String shown) {
    assertThat(FetchUri.shown(uri)).isEqualTo(shown);
  }
}
