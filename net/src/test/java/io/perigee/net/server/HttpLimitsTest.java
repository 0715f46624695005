package io.perigee.net.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {
  @Test
  void defaultsAreTheDocumentedOnes() {
    assertThat(HttpLimits.defaults())
        .isEqualTo(
            new HttpLimits(
                8192,
                65536,
                67108864,
                268435456,
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                20000,
                64,
                64,
                1024,
                8388608));
  }

  @Test
  void eachMayBeChanged() throws ReflectiveOperationException {
    Duration second = Duration.ofSeconds(1);
    HttpLimits limits =
        HttpLimits.builder()
            .requestLineBytes(1)
            .headerBytes(2)
            .bodyBytes(3)
            .allBodiesBytes(4)
            .headerTime(second)
            .stallTime(second.multipliedBy(2))
            .idleTime(second.multipliedBy(3))
            .connections(5)
            .pipelinedRequests(6)
            .workers(7)
            .waitingForWorker(8)
            .streamBufferBytes(9)
            .build();
    assertThat(limits)
        .isEqualTo(
            new HttpLimits(
                1, 2, 3, 4, second, second.multipliedBy(2), second.multipliedBy(3), 5, 6, 7, 8, 9));
    for (var component : HttpLimits.class.getRecordComponents()) {
      assertThat(component.getAccessor().invoke(limits))
          .as(component.getName())
          .isNotEqualTo(component.getAccessor().invoke(HttpLimits.defaults()));
    }
  }

  @Test
  void eachIsPositive() {
    List<UnaryOperator<HttpLimits.Builder>> wrong =
        List.of(
            b -> b.requestLineBytes(0),
            b -> b.headerBytes(0),
            b -> b.bodyBytes(0),
            b -> b.allBodiesBytes(0),
            b -> b.headerTime(Duration.ZERO),
            b -> b.stallTime(Duration.ofSeconds(-1)),
            b -> b.idleTime(Duration.ofDays(21)),
            b -> b.connections(0),
            b -> b.pipelinedRequests(0),
            b -> b.workers(-1),
            b -> b.waitingForWorker(0),
            b -> b.streamBufferBytes(0));
    List<String> names =
        Arrays.stream(HttpLimits.class.getRecordComponents()).map(it -> it.getName()).toList();
    assertThat(wrong).hasSameSizeAs(names);
    for (int i = 0; i < names.size(); i++) {
      HttpLimits.Builder builder = wrong.get(i).apply(HttpLimits.builder());
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(names.get(i) + " is ");
    }
  }
}
