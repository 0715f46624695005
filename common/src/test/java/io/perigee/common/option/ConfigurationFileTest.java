package io.perigee.common.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.common.Problems;
import io.perigee.common.unit.DataSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {
  private static final Option<Path> WORK_DIR =
      new Option<>("work_dir", OptionType.PATH, "Files", null, "Where it keeps its files.");
  private static final Option<Integer> PORT =
      new Option<>("port", OptionType.integer(0, 65535), "Network", 5050, "Port to listen on.");
  private static final Option<String> ROLE =
      new Option<>("default_role", OptionType.TEXT, "Offers", "*", "Of what has none.");
  private static final Option<Duration> TIMEOUT =
      new Option<>(
          "offer_timeout", OptionType.DURATION, "Offers", Duration.ofSeconds(90), "Then rescind.");
  private static final Option<Boolean> QUIET =
      new Option<>("quiet", OptionType.BOOLEAN, "Logs", false, "Says less.");
  private static final Option<DataSize> CACHE =
      new Option<>("cache_size", OptionType.SIZE, "Files", new DataSize(2L << 30), "Cache.");
  private static final Option<String> RESOURCES =
      new Option<>("resources", OptionType.PAIRS, "Resources", null, "What there is.");
  private static final Option<String> VARIABLES =
      new Option<>("variables", OptionType.JSON_TEXTS, "Tasks", null, "What tasks see.");
  private static final OptionTable TABLE =
      new OptionTable(
          List.of(
              OptionTable.CONFIG,
              WORK_DIR,
              PORT,
              ROLE,
              TIMEOUT,
              QUIET,
              CACHE,
              RESOURCES,
              VARIABLES));

  @TempDir Path folder;
  private final Problems problems = new Problems();
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("test.yml");
  }

  private OptionValues read(String yaml, String... flags) {
    return read(yaml.getBytes(StandardCharsets.UTF_8), Map.of(), flags);
  }

  private OptionValues read(byte[] content, Map<String, String> environment, String... flags) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    String[] all = new String[flags.length + 1];
    all[0] = "--config=" + file;
    System.arraycopy(flags, 0, all, 1, flags.length);
    return TABLE.read(List.of(all), environment, problems);
  }

  /** What is wrong, with {@code FILE} for the file. */
  private List<String> wrong() {
    return problems.texts().stream().map(text -> text.replace(file.toString(), "FILE")).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# port: 1\n", "---\n", "---\n...\n", "{}", "\uFEFF", "~\n"})
  void aFileWithoutOptionsLeavesDefaults(String nothing) {
    OptionValues values = read(nothing);

    assertThat(wrong()).isEmpty();
    assertThat(values.get(PORT)).isEqualTo(5050);
    assertThat(values.origin(PORT).kind()).isEqualTo(OptionOrigin.Kind.DEFAULT);
  }

  @Test
  void everyOptionSetToAnotherValueInEveryForm() {
    OptionValues values =
        read(
            """
            # Comments are passed over.
            work-dir: /srv/work   # here too
            port: 1
            default_role: "*x"
            offer-timeout: 2.5mins
            quiet: True
            cache_size: '3KB'
            resources: {cpus: 4.5, mem: 1024, ports: [31000-31005, 32000-32001]}
            variables:
              LANG: C
              QUOTE: 'a "b" \\ c'
            """);

    assertThat(wrong()).isEmpty();
    assertThat(values.get(WORK_DIR)).isEqualTo(Path.of("/srv/work"));
    assertThat(values.get(PORT)).isEqualTo(1);
    assertThat(values.get(ROLE)).isEqualTo("*x");
    assertThat(values.get(TIMEOUT)).isEqualTo(Duration.ofSeconds(150));
    assertThat(values.get(QUIET)).isTrue();
    assertThat(values.get(CACHE)).isEqualTo(new DataSize(3072));
    assertThat(values.get(RESOURCES))
        .isEqualTo("cpus:4.5;mem:1024;ports:[31000-31005,32000-32001]");
    assertThat(values.get(VARIABLES))
        .isEqualTo("{\"LANG\":\"C\",\"QUOTE\":\"a \\\"b\\\" \\\\ c\"}");
    assertThat(values.named(WORK_DIR)).isEqualTo(file + ":2: work-dir");
    assertThat(values.named(VARIABLES)).isEqualTo(file + ":9: variables");
  }

  @Test
  void whatIsAMappingElsewhereMayBeATextAsInAFlag() {
    OptionValues values =
        read(
            """
            resources: cpus:4;mem:1024;ports:[31000-32000]
            variables: >
              {"LANG":
              "C"}
            """);

    assertThat(wrong()).isEmpty();
    assertThat(values.get(RESOURCES)).isEqualTo("cpus:4;mem:1024;ports:[31000-32000]");
    assertThat(values.get(VARIABLES)).isEqualTo("{\"LANG\": \"C\"}");
  }

  @Test
  void aFlagWinsOverTheEnvironmentThatOverTheFileThatOverTheDefault() {
    String yaml = "port: 1\noffer-timeout: 1secs\ncache-size: 1KB\n";
    OptionValues values =
        read(
            yaml.getBytes(StandardCharsets.UTF_8),
            Map.of("MESOS_PORT", "2", "PERIGEE_OFFER_TIMEOUT", "2secs", "MESOS_CONFIG", "/other"),
            "--port=3");

    assertThat(wrong()).isEmpty();
    assertThat(values.get(PORT)).isEqualTo(3);
    assertThat(values.origin(PORT)).isEqualTo(new OptionOrigin(OptionOrigin.Kind.FLAG, "--port"));
    assertThat(values.get(TIMEOUT)).isEqualTo(Duration.ofSeconds(2));
    assertThat(values.origin(TIMEOUT))
        .isEqualTo(new OptionOrigin(OptionOrigin.Kind.ENVIRONMENT, "PERIGEE_OFFER_TIMEOUT"));
    assertThat(values.get(CACHE)).isEqualTo(new DataSize(1024));
    assertThat(values.origin(CACHE))
        .isEqualTo(new OptionOrigin(OptionOrigin.Kind.FILE, file + ":3"));
    assertThat(values.named(QUIET)).as("a default").isEqualTo("--quiet");
  }

  @Test
  void theEnvironmentMayNameTheFile() throws IOException {
    Files.writeString(file, "port: 7\n");
    OptionValues values =
        TABLE.read(List.of(), Map.of("PERIGEE_CONFIG", file.toString()), problems);

    assertThat(wrong()).isEmpty();
    assertThat(values.get(PORT)).isEqualTo(7);
  }

  @Test
  void everythingWrongInFileEnvironmentAndFlagsIsReportedAtOnce() {
    String yaml =
        """
        work-dri: /x
        port: 70000
        zzzzzz: 1
        port: 2
        config: /other.yml
        offer_timeout: soon
        quiet: yes
        cache-size:
        default-role: [a]
        work_dir: {a: b}
        resources: {"cpus;mem": 1, disk: 2}
        """;
    read(
        yaml.getBytes(StandardCharsets.UTF_8),
        Map.of("MESOS_CACHE_SIZE", "big"),
        "--no-such=1",
        "--offer_timeout=1secs");

    assertThat(wrong())
        .containsExactly(
            "FILE:1: unknown option 'work-dri' (did you mean 'work-dir'?)",
            "FILE:2: port: '70000' is not valid (expected: a whole number from 0 to 65535)",
            "FILE:3: unknown option 'zzzzzz'",
            "FILE:4: port is there twice, first at FILE:2",
            "FILE:5: unknown option 'config'",
            "FILE:6: offer-timeout: 'soon' is not valid (expected: a number with one of ns, us, ms,"
                + " secs, mins, hrs, days, weeks, such as 15secs)",
            "FILE:7: quiet: 'yes' is not valid (expected: true or false)",
            "FILE:8: cache-size: has no value (expected: SIZE; without the line its default holds)",
            "FILE:9: default-role: is a list (expected: TEXT; a text that begins with [ needs"
                + " quotes)",
            "FILE:10: work-dir: is a mapping (expected: PATH)",
            "FILE:11: resources: is not valid (expected: names without : and ;, values without ; in"
                + " the mapping, not cpus;mem: 1)",
            "MESOS_CACHE_SIZE: 'big' is not valid (expected: a number with one of B, KB, MB, GB,"
                + " TB, such as 2GB)",
            "unknown option --no-such (see --help)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Cut off, or typed wrongly.
        "port: 1\\nwork-dir| FILE:2:9: not YAML: while scanning a simple key that begins in line 2: could not find",
        "port: 1\\nwork-dir: \"/srv| FILE:2:16: not YAML: while scanning a quoted scalar that begins in line 2: found unexpected end of stream",
        "port: 1\\nresources: {cpus: 4,| FILE:2:21: not YAML: while parsing a flow node that begins in line 2:",
        "port: 1\\n\\tquiet: true| FILE:2:",
        "default-role: a\\n  quiet: true| FILE:2:8: not YAML: mapping values are not allowed here",
        "default-role: *| FILE:1:16: not YAML: while scanning an alias",
        "default-role: @home| FILE:1:15: not YAML: while scanning for the next token",
        // YAML, but not what is read here.
        "just a text| FILE:1: is no mapping (expected: lines of the form 'option: value')",
        "- port: 1\\n- quiet: true| FILE:1: is no mapping",
        "port: 1\\n---\\nquiet: true| FILE:2: a second document begins (expected: one)",
        "port: 1\\nwork-dir: &a /srv| FILE:2: work-dir: anchors and tags are not expected",
        "port: 1\\nwork-dir: *a| FILE:2: work-dir: aliases are not expected",
        "port: !!int 1| FILE:1: port: anchors and tags are not expected",
        "port: !<tag:x,2000:y> {a: b}| FILE:1: port: anchors and tags are not expected",
        "!!map\\nport: 1| FILE:1: is no mapping",
        "[port]: 1| FILE:1: is no key (expected: the name of an option)",
        "? {a: b}\\n: {c: d}| FILE:1: is no key",
        "<<: {port: 1}| FILE:1: unknown option '<<'",
        "resources: {cpus: {a: b}}| FILE:1: resources: cpus: a mapping within a mapping is not",
        "resources: {cpus: 1, cpus: 2}| FILE:1: resources: cpus is there twice",
        "resources: {cpus: [[1]]}| FILE:1: resources: cpus: a list of anything but texts is not",
        "resources: {cpus: }| FILE:1: resources: is not valid (expected: a text behind cpus:",
        "resources: {cpus: 1;mem:2}| FILE:1: resources: is not valid (expected: names without",
        "resources: [{name: cpus}]| FILE:1: resources: a list of anything but texts is not",
        "variables: {A: [1]}| FILE:1: variables: is not valid (expected: a text behind A:",
        "port: 1\\n\u0000: 2| FILE:2: character U+0000 is not expected in a text file",
      })
  void eachKindOfMalformedFileIsToldWithItsLine(String yaml, String told) {
    OptionValues values = read(yaml.replace("\\n", "\n").replace("\\t", "\t"));

    assertThat(wrong()).singleElement().asString().startsWith(told);
    assertThat(values.find(WORK_DIR)).isNull();
  }

  @Test
  void aTabIsNamed() {
    read("variables:\n\tLANG: C\n");

    assertThat(wrong()).singleElement().asString().startsWith("FILE:2:1: ").contains("\\t(TAB)");
  }

  /** Each level would be nine times the one below. */
  @Test
  void anAliasBombDoesNotGoOff() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ",").repeat(9)).append("]\n");
    }
    read(bomb.toString());

    assertThat(wrong()).hasSize(9).allMatch(p -> p.contains("anchors and tags are not expected"));
  }

  @Test
  void deepNestingIsPassedOver() {
    read("resources: " + "[".repeat(100_000) + "]".repeat(100_000) + "\nport: x\n");

    assertThat(wrong())
        .satisfiesExactly(
            p -> assertThat(p).startsWith("FILE:1: resources: a list of anything but texts"),
            p -> assertThat(p).startsWith("FILE:2: port: 'x' is not valid"));
  }

  @Test
  void whatIsNoTextIsTold() {
    read(
        new byte[] {'p', 'o', 'r', 't', ':', ' ', '1', '\n', (byte) 0xFF, (byte) 0xFE, 0},
        Map.of());

    assertThat(wrong()).containsExactly("FILE:2: is not text (expected: YAML, encoded in UTF-8)");
  }

  @Test
  void aFileThatEndsWithinACharacterIsTold() {
    read(new byte[] {'a', ':', ' ', (byte) 0xC3}, Map.of());

    assertThat(wrong()).containsExactly("FILE:1: is not text (expected: YAML, encoded in UTF-8)");
  }

  @Test
  void whatIsNotReadableIsTold() throws IOException {
    TABLE.read(List.of("--config=" + file), Map.of(), problems);
    TABLE.read(List.of("--config=" + folder), Map.of(), problems);
    Path file2 = Files.writeString(folder.resolve("file2"), "");
    TABLE.read(List.of("--config=" + file2 + "/x"), Map.of(), problems);

    assertThat(wrong())
        .satisfiesExactly(
            p -> assertThat(p).isEqualTo("FILE: there is no such file"),
            p -> assertThat(p).isEqualTo(folder + ": is a directory (expected: a file)"),
            p -> assertThat(p).startsWith(file2 + "/x: cannot be read: "));
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    read("port: 1\n" + "#".repeat(1 << 20) + "\n");

    assertThat(wrong()).containsExactly("FILE: is too large (expected: at most 1048576 bytes)");
  }

  @Test
  void whatStandsBeforeAFaultIsReadAndCheckedToo() {
    read("port: 70000\nwork-dir: \"/srv");

    assertThat(wrong())
        .satisfiesExactly(
            p -> assertThat(p).startsWith("FILE:1: port: '70000'"),
            p -> assertThat(p).startsWith("FILE:2:16: not YAML"));
  }
}
