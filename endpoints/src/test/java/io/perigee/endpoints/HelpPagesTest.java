package io.perigee.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.net.http.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelpPagesTest {
  private final HelpPages pages =
      new HelpPages(
          List.of(
              new HelpPages.Entry("slave(1)", "state", "All <there> is."),
              new HelpPages.Entry("slave(1)", "api/v1", "Calls."),
              new HelpPages.Entry("version", "", "The version.")));

  private Response get(String path) {
    return pages.answer(Requests.get(path));
  }

  @Test
  void theFirstPageNamesTheProcesses() {
    assertThat(get("/help").headers().get("Content-Type")).isEqualTo("text/html");
    assertThat(Answer.text(get("/help/")))
        .contains("<a href=\"/help/slave(1)\">", "<a href=\"/help/version\">");
  }

  @Test
  void aProcessListsItsEndpoints() {
    assertThat(Answer.text(get("/help/slave(1)")))
        .contains("<a href=\"/help/slave(1)/api/v1\">", "All &lt;there> is.")
        .doesNotContain("version");
    assertThat(Answer.text(get("/help/version"))).contains("The version.");
  }

  @Test
  void anEndpointHasAPage() {
    assertThat(Answer.text(get("/help/slave(1)/api/v1/"))).contains("Calls.");
  }

  @ParameterizedTest
  @CsvSource({"/help/nope,/nope", "/help/slave(1)/no,/slave(1)/no", "/help/a/b,/a"})
  void whatThereIsNotIsRefusedInText(String path, String named) {
    Response response = get(path);
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.headers().get("Content-Type")).startsWith("text/plain");
    assertThat(Answer.text(response)).isEqualTo("No help available for '" + named + "'.\n");
  }
}
