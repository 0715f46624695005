package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.perigee.common.Problems;
import io.perigee.common.option.Option;
import io.perigee.common.option.OptionTable;
import io.perigee.common.option.OptionType;
import io.perigee.common.option.OptionValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogFileTest {
  @TempDir private Path folder;
  private final Problems problems = new Problems();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.perigee.LogFileTest");

  @BeforeEach
  void speak() {
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void fallSilent() {
    logger.setLevel(null);
  }

  private LogFile open(Path directory) {
    return Objects.requireNonNull(openIfPossible(List.of("--log_dir=" + directory)));
  }

  private @Nullable LogFile openIfPossible(List<String> flags) {
    Option<Path> option = new Option<>("log_dir", OptionType.PATH, "Log", null, "Where.");
    OptionValues values = new OptionTable(List.of(option)).read(flags, Map.of(), problems);
    return LogFile.open(values, option, "perigee-master", problems);
  }

  @Test
  void whatIsLoggedIsInTheFileUntilItIsClosed() throws IOException {
    Path directory = folder.resolve("made/as/needed");
    try (LogFile file = open(directory)) {
      assertThat(problems.texts()).isEmpty();
      assertThat(file.path()).isEqualTo(directory.resolve("perigee-master.log"));
      logger.warn("the first");
    }
    logger.warn("not any more");
    try (LogFile again = open(directory)) {
      logger.info("the second to {}", again.path().getFileName());
    }

    List<String> lines = Files.readAllLines(directory.resolve("perigee-master.log"));
    assertThat(lines).filteredOn(line -> line.startsWith("Log file created at: ")).isNotEmpty();
    assertThat(lines)
        .filteredOn(line -> line.contains("LogFileTest"))
        .satisfiesExactly(
            line -> assertThat(line).matches("\\S+ WARN  LogFileTest: the first"),
            line ->
                assertThat(line)
                    .matches("\\S+ INFO  LogFileTest: the second to perigee-master.log"));
  }

  @Test
  void aFullFileGetsANumberAndOldOnesGoAway() throws IOException {
    String line = "x".repeat(1 << 20);
    try (LogFile file = open(folder)) {
      for (int i = 0; i < 240; i++) {
        logger.info(line);
      }
      assertThat(file.path()).exists();
    }
    try (var files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(10).contains(folder.resolve("perigee-master.log.1"));
      for (Path file : all) {
        assertThat(Files.size(file)).isLessThan(22L << 20);
      }
    }
  }

  @Test
  void aDirectoryThatCannotBeIsAProblem() throws IOException {
    Path taken = Files.createFile(folder.resolve("taken"));
    assertThat(openIfPossible(List.of("--log_dir=" + taken))).isNull();
    assertThat(problems.texts())
        .singleElement()
        .satisfies(text ->
            assertThat(text)
                .startsWith("--log_dir: " + taken.resolve("perigee-master.log"))
                .contains("cannot be written"));
  }

  @Test
  void withoutADirectoryThereIsNone() {
    assertThat(openIfPossible(List.of())).isNull();
    assertThat(problems.texts()).isEmpty();
  }
}
