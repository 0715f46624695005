package io.perigee.cli.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorIT {
  /** Short, so that the daemon is asked often. */
  private static final Duration WATCHDOG = Duration.ofMillis(30);

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger questions = new AtomicInteger();
  private volatile boolean takesMessages = true;
  private volatile @Nullable String status = "one";
  private final Supervisor supervisor = new Supervisor(this::send, this::status, WATCHDOG);

  private @Nullable String status() {
    questions.incrementAndGet();
    return status;
  }

  private void awaitQuestions(int more) {
    int until = questions.get() + more;
    await().until(() -> questions.get() >= until);
  }

  private void send(String message) throws IOException {
    if (!takesMessages) {
      throw new IOException("nobody listens");
    }
    told.add(message);
  }

  @AfterEach
  void stop() {
    supervisor.stopping();
  }

  @Test
  void itIsReadyOnceAndThenAliveAndAnyNewStatusIsTold() {
    supervisor.start();
    await().until(() -> told.size() >= 3);
    status = "two\nlines";
    await()
        .until(() -> told.stream().anyMatch(this::isTwo) && told.getLast().equals("WATCHDOG=1\n"));

    List<String> soFar = List.copyOf(told); // More comes meanwhile.
    assertThat(soFar.getFirst()).isEqualTo("READY=1\nWATCHDOG=1\nSTATUS=one\n");
    assertThat(soFar.subList(1, soFar.size()))
        .allMatch(message -> isTwo(message) || message.equals("WATCHDOG=1\n"));
    assertThat(soFar).filteredOn(this::isTwo).hasSize(1);
  }

  private boolean isTwo(String message) {
    return message.equals("WATCHDOG=1\nSTATUS=two lines\n");
  }

  @Test
  void aDaemonThatDoesNotDecideIsNeitherReadyNorAlive() throws InterruptedException {
    status = null;
    supervisor.start();
    Thread.sleep(100);
    assertThat(told).isEmpty();

    status = "it does now";
    await().until(() -> !told.isEmpty());
    status = null;
    awaitQuestions(2); // A message was on its way to the first.
    int before = told.size();
    awaitQuestions(3);
    assertThat(told).hasSize(before);
  }

  @Test
  void whatWasNotTakenIsToldAgain() throws InterruptedException {
    takesMessages = false;
    supervisor.start();
    Thread.sleep(50);
    takesMessages = true;

    await().until(() -> !told.isEmpty());
    assertThat(told.getFirst()).startsWith("READY=1\n");
  }

  @Test
  void nothingIsToldAfterTheEnd() throws InterruptedException {
    supervisor.start();
    await().until(() -> !told.isEmpty());
    supervisor.stopping();
    Thread.sleep(100);

    assertThat(told.getLast()).isEqualTo("STOPPING=1\nSTATUS=stopping\n");
  }

  @Test
  void withoutAWatchdogOnlyNewsAreTold() throws InterruptedException {
    Supervisor quiet = new Supervisor(this::send, () -> status, null);
    quiet.start();
    await().until(() -> !told.isEmpty());
    Thread.sleep(100);
    quiet.stopping();

    assertThat(told).containsExactly("READY=1\nSTATUS=one\n", "STOPPING=1\nSTATUS=stopping\n");
  }

  @Test
  void thereIsNoneWithoutItsSocket() {
    assertThat(Supervisor.of(Map.of(), () -> "x")).isNull();
    assertThat(Supervisor.of(Map.of("NOTIFY_SOCKET", ""), () -> "x")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "vsock:2:1234", "@"})
  void aSocketOfAnotherKindIsNoReasonToFail(String address) {
    assertThat(Supervisor.of(Map.of("NOTIFY_SOCKET", address), () -> "x")).isNull();
    assertThat(Supervisor.of(Map.of("NOTIFY_SOCKET", "/" + "x".repeat(107)), () -> "x")).isNull();
  }

  @Test
  void aWatchdogIsOfThisProcessOrNone() {
    String self = Long.toString(ProcessHandle.current().pid());

    assertThat(Supervisor.watchdog(Map.of())).isNull();
    assertThat(Supervisor.watchdog(Map.of("WATCHDOG_USEC", "3000000")))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(Supervisor.watchdog(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", self)))
        .isEqualTo(Duration.ofNanos(5000));
    assertThat(Supervisor.watchdog(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", "1"))).isNull();
    for (String wrong : List.of("", "x", "0", "-1", "9223372036854775807")) {
      assertThat(Supervisor.watchdog(Map.of("WATCHDOG_USEC", wrong))).as(wrong).isNull();
    }
  }
}
