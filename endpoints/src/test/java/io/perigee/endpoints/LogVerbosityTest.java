package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.perigee.net.http.Response;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LogVerbosityTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
  private final LogVerbosity verbosity = new LogVerbosity(told::add);

  @AfterEach
  void leaveNoThreadBehind() {
    verbosity.set(0, LONG);
  }

  private Integer nextTold() throws InterruptedException {
    return told.poll(30, TimeUnit.SECONDS);
  }

  private String toggle(String... parameters) {
    Response response = verbosity.toggle(Requests.get("/logging/toggle", parameters));
    return response.status() + " " + Answer.text(response);
  }

  @Test
  void aLevelHoldsForItsTime() throws InterruptedException {
    verbosity.set(2, Duration.ofMillis(1));
    assertThat(nextTold()).isEqualTo(2);
    assertThat(nextTold()).isZero();
    assertThat(verbosity.level()).isZero();
  }

  @Test
  void aLevelSetLaterIsNotEndedByTheTimeOfAnEarlierOne() throws InterruptedException {
    verbosity.set(1, Duration.ofMillis(20));
    verbosity.set(3, LONG);
    assertThat(nextTold()).isEqualTo(1);
    Integer next = nextTold();
    // The first may have been over before the second was set.
    assertThat(Integer.valueOf(0).equals(next) ? nextTold() : next).isEqualTo(3);
    assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
    assertThat(verbosity.level()).isEqualTo(3);
  }

  @Test
  void withoutParametersTheLevelIsTold() {
    assertThat(toggle()).isEqualTo("200 0\n");
    verbosity.set(-1, LONG);
    assertThat(toggle()).isEqualTo("200 -1\n");
  }

  @Test
  void theLevelIsSetOverHttp() {
    assertThat(toggle("level", "1", "duration", "15mins")).isEqualTo("200 ");
    assertThat(verbosity.level()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          level    | 1        | Expecting 'duration=value' in query.
          duration | 1secs    | Expecting 'level=value' in query.
          """)
  void bothParametersAreNeeded(String name, String value, String text) {
    assertThat(toggle(name, value)).isEqualTo("400 " + text + "\n");
  }

  @ParameterizedTest
  @CsvSource({"-1,1secs,Invalid level '-1'", "x,1secs,Failed to convert 'x'", "1,1s,'1s'"})
  void whatCannotBeUnderstoodIsRefused(String level, String duration, String part) {
    assertThat(toggle("level", level, "duration", duration)).startsWith("400 ").contains(part);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1,DEBUG", "2,TRACE", "3,TRACE", "99,TRACE", "0,", "-1,"})
  void logbackLogsAsMuch(int level, String expected) {
    Logger ours = (Logger) LoggerFactory.getLogger("io.perigee");
    try {
      LogbackLevels.set(level);
      assertThat(ours.getLevel()).isEqualTo(Level.toLevel(expected, null));
    } finally {
      ours.setLevel(null);
    }
  }
}
