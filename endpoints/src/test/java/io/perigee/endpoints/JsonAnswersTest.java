package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.net.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonAnswersTest {
  private static Response answer(String... parameters) {
    return JsonAnswers.of(
        Requests.get("/state", parameters),
        out -> {
          out.writeStartObject();
          out.writeStringField("name", "grün </script>");
          out.writeEndObject();
        });
  }

  @Test
  void jsonIsPlainUtf8() {
    Response plain = answer();

    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(Answer.text(plain)).isEqualTo("{\"name\":\"grün </script>\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cb", "angular.callbacks._0", "$j", "a[0]"})
  void aNamedFunctionIsCalledWithTheJson(String function) {
    Response script = answer("jsonp", function);

    assertThat(script.headers().get("Content-Type")).isEqualTo("text/javascript");
    assertThat(Answer.text(script)).isEqualTo(function + "({\"name\":\"grün </script>\"})");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alert(1);cb", "<script>", "a b", "cb\n", "1a", "é"})
  void whatIsNoNameOfAFunctionIsRefused(String code) {
    Response refusal = answer("jsonp", code);

    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.headers().get("Content-Type")).isEqualTo(Response.TEXT);
    assertThat(Answer.text(refusal)).doesNotContain("name\":").doesNotContain("<script>");
  }

  @Test
  void aFunctionsNameHasABound() {
    assertThat(answer("jsonp", "a".repeat(201)).status()).isEqualTo(200);
    assertThat(answer("jsonp", "a".repeat(202)).status()).isEqualTo(400);
  }
}
