package io.perigee.agent.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.mesos.v1.agent.Call;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.RequestHead;
import io.perigee.net.http.RequestTarget;
import io.perigee.net.http.Response;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperatorMediaTest {
  private static final String JSON = "application/json";
  private static final String RECORDIO = "application/recordio";

  private static OperatorMedia.Reading read(String... namesAndValues) {
    Headers headers = Headers.EMPTY;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers = headers.with(namesAndValues[i], namesAndValues[i + 1]);
    }
    RequestTarget target = Objects.requireNonNull(RequestTarget.parse("/api/v1"));
    InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    return OperatorMedia.of(
        new Request(
            new RequestHead("POST", target, target.path(), headers, client, null),
            target.path(),
            null,
            new byte[0]));
  }

  private static String refusal(OperatorMedia.Reading reading) {
    assertThat(reading).isInstanceOf(OperatorMedia.Reading.Refused.class);
    return text(((OperatorMedia.Reading.Refused) reading).response());
  }

  private static String text(Response response) {
    return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
  }

  private static OperatorMedia agreed(String... namesAndValues) {
    OperatorMedia.Reading reading = read(namesAndValues);
    assertThat(reading).isInstanceOf(OperatorMedia.Reading.Agreed.class);
    return ((OperatorMedia.Reading.Agreed) reading).media();
  }

  /** As by Mesos: those of which there is a recording to the letter. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Type: text/plain | 415 Expecting 'Content-Type' of application/json or application/x-protobuf or application/recordio
          X: y | 400 Expecting 'Content-Type' to be present
          Content-Type: application/recordio | 400 Expecting 'Message-Content-Type' to be set for streaming requests
          Content-Type: application/recordio, Message-Content-Type: text/plain | 415 Expecting 'Message-Content-Type' of application/json or application/x-protobuf
          Content-Type: application/json, Message-Content-Type: application/json | 415 Expecting 'Message-Content-Type' to be not set for non-streaming requests
          Content-Type: application/json, Accept: text/html | 406 Expecting 'Accept' to allow application/json or application/x-protobuf or application/recordio
          Content-Type: application/json, Accept: application/recordio, Message-Accept: text/html | 406 Expecting 'Message-Accept' to allow application/json or application/x-protobuf
          Content-Type: application/json, Message-Accept: application/json | 406 Expecting 'Message-Accept' to be not set for non-streaming responses
          """)
  void headersThatDoNotFitAreRefused(String headers, String expected) {
    assertThat(refusal(read(headers.strip().split("[:,] ")))).isEqualTo(expected);
  }

  @Test
  void jsonIsPreferredAndRecordsComeLast() {
    assertThat(agreed("Content-Type", JSON, "Accept", "application/x-protobuf, application/json"))
        .isEqualTo(agreed("Content-Type", JSON));
    assertThat(agreed("Content-Type", JSON, "Accept", RECORDIO + ", */*").wantsStream()).isFalse();
    assertThat(agreed("Content-Type", JSON, "Accept", RECORDIO).wantsStream()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.Type.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "ATTACH_CONTAINER_INPUT",
        "ATTACH_CONTAINER_OUTPUT",
        "LAUNCH_NESTED_CONTAINER_SESSION"
      })
  void onlyFewCallsAreStreamed(Call.Type type) {
    assertThat(agreed("Content-Type", JSON).mismatch(type)).isNull();
    assertThat(
            text(
                Objects.requireNonNull(
                    agreed("Content-Type", JSON, "Accept", RECORDIO).mismatch(type))))
        .isEqualTo("406 Streaming response is not supported for " + type + " call");
    assertThat(
            text(
                Objects.requireNonNull(
                    agreed("Content-Type", RECORDIO, "Message-Content-Type", JSON).mismatch(type))))
        .isEqualTo(
            "415 Streaming 'Content-Type' application/recordio is not supported for "
                + type
                + " call");
  }

  @Test
  void inputIsStreamedAndNothingElse() {
    assertThat(
            text(
                Objects.requireNonNull(
                    agreed("Content-Type", JSON).mismatch(Call.Type.ATTACH_CONTAINER_INPUT))))
        .isEqualTo(
            "415 Expecting 'Content-Type' to be application/recordio for ATTACH_CONTAINER_INPUT"
                + " call");
    assertThat(
            agreed("Content-Type", RECORDIO, "Message-Content-Type", JSON)
                .mismatch(Call.Type.ATTACH_CONTAINER_INPUT))
        .isNull();
  }
}
