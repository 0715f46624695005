package io.perigee.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, targets, responses. */
class HttpValuesTest {
  @Test
  void headersKeepOrderAndForgetCase() {
    Headers headers = Headers.of("A", "1", "b", "x, Y", "a", "2").with("B", " close ");
    assertThat(headers.get("a")).isEqualTo("1");
    assertThat(headers.all("A")).containsExactly("1", "2");
    assertThat(headers.list("B")).isEqualTo("x, Y, close ");
    assertThat(headers.get("c")).isNull();
    assertThat(headers.list("c")).isNull();
    assertThat(headers.lists("b", "y")).isTrue();
    assertThat(headers.lists("b", "close")).isTrue();
    assertThat(headers.lists("b", "clos")).isFalse();
    assertThat(headers.lists("c", "x")).isFalse();
    assertThat(headers).extracting(Headers.Field::name).containsExactly("A", "b", "a", "B");
    assertThat(headers).hasToString("[A, b, a, B]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "ä", "a\r", "a\0"})
  void headerNameIsAToken(String name) {
    assertThatThrownBy(() -> Headers.of(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a header's name is a token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\rb", "a\0", "\u20ac"})
  void headerValueCannotSmuggle(String value) {
    assertThatThrownBy(() -> Headers.of("X", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("header X has a character that a header cannot carry, at ")
        .hasMessageNotContaining(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/|/|{}",
        "/a/b|/a/b|{}",
        "/slave%281%29/state|/slave(1)/state|{}",
        "/%E2%82%AC+x|/\u20ac+x|{}",
        "/?|/|{}",
        "/?&&a=1&a=2&b&c=&a+b=%3d%2B+|/|{a=[1, 2], b=[], c=[], a b=[=+ ]}",
        "/?jsonp=cb?x|/|{jsonp=[cb?x]}",
        "http://host:1/p?q=1|/p|{q=[1]}",
        "https://host|/|{}",
      })
  void targetIsTakenApart(String raw, String path, String query) {
    RequestTarget target = Objects.requireNonNull(RequestTarget.parse(raw));
    assertThat(target.raw()).isEqualTo(raw);
    assertThat(target.path()).isEqualTo(path);
    assertThat(target.query()).hasToString(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "*",
        "ftp://h/",
        "/%",
        "/%4",
        "/%4g",
        "/%g4",
        "/%00",
        "/\0",
        "/\u001b",
        "/%ff",
        "/%c3",
        "/?a=%",
        "/?%=a",
        "/?a=%00",
        "/?a=%ff"
      })
  void malformedTargetIsRefused(String raw) {
    assertThat(RequestTarget.parse(raw)).isNull();
  }

  @Test
  void responsesAreMadeInOneCall() {
    Response text = Response.text(400, "wrong: ä");
    assertThat(text.status()).isEqualTo(400);
    assertThat(text.headers().get("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(text.body()).hasSize(9);
    assertThat(Response.of(202).body()).isEmpty();
    assertThat(Response.of(202).with("A", "b").headers()).hasSize(1);
    for (int status : List.of(100, 101, 199, 600)) {
      assertThatThrownBy(() -> Response.of(status))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not " + status);
    }
  }
}
