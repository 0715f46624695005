package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormTest {
  @TempDir Path folder;

  @Test
  void isThatOfTheJournalOnlyIfTheOutputGoesThere() throws Exception {
    Path output = Files.createFile(folder.resolve("output"));
    String stream = Files.getAttribute(output, "unix:dev") + ":";
    String inode = Files.getAttribute(output, "unix:ino").toString();

    assertThat(LogForm.of(stream + inode, output)).isEqualTo(LogForm.JOURNAL);
    assertThat(LogForm.of(stream + inode + "0", output)).isEqualTo(LogForm.PLAIN);
    assertThat(LogForm.of("rubbish", output)).isEqualTo(LogForm.PLAIN);
    assertThat(LogForm.of(stream + inode, folder.resolve("missing"))).isEqualTo(LogForm.PLAIN);
    assertThat(LogForm.of(null)).isEqualTo(LogForm.PLAIN);
  }

  @ParameterizedTest
  @CsvSource({"ERROR,<3>", "WARN,<4>", "INFO,<6>", "DEBUG,<7>", "TRACE,<7>"})
  void tellsTheJournalPriorities(String level, String prefix) throws Exception {
    assertThat(line(LogForm.JOURNAL, Level.toLevel(level)))
        .isEqualTo(prefix + "LogFormTest: an INFO of mine" + System.lineSeparator());
  }

  @Test
  void isPlainWithTimeAndLevel() throws Exception {
    assertThat(line(LogForm.PLAIN, Level.WARN))
        .matches(
            "(?s)\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-][0-9:]+) WARN  LogFormTest: an INFO of mine\\R");
  }

  /** What the shipped configuration makes of an event. */
  private static String line(LogForm form, Level level) throws Exception {
    LoggerContext context = new LoggerContext();
    context.putProperty("perigee.log.form", form.pattern());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogForm.class.getResource("/logback.xml"));
    ConsoleAppender<ILoggingEvent> appender =
        (ConsoleAppender<ILoggingEvent>)
            context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
    LoggingEvent event =
        new LoggingEvent(
            "", context.getLogger(LogFormTest.class), level, "an INFO of mine", null, null);
    byte[] encoded = ((PatternLayoutEncoder) appender.getEncoder()).encode(event);
    context.stop();
    return new String(encoded, StandardCharsets.UTF_8);
  }
}
