package io.perigee.master.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.perigee.endpoints.PendingAnswers;
import io.perigee.master.core.MasterEvent;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import io.perigee.net.server.Route;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What operators can do that Mesos has no call for: {@code /perigee/v1/...}. */
final class OperatorRoutes {
  private static final JsonFactory JACKSON = new JsonFactory();

  private final PendingAnswers<MasterEvent> answers;

  OperatorRoutes(PendingAnswers<MasterEvent> answers) {
    this.answers = answers;
  }

  List<Route> routes() {
    return List.of(Route.at("/perigee/v1/kill", this::kill).methods("POST").exactly());
  }

  /** {@code {"framework_id": "…", "task_id": "…"}} → 202, or 404 if there is no such task. */
  private void kill(Request request, Responder to) {
    if (!"application/json".equals(request.headers().get("Content-Type"))) {
      // A page of some other site can make a browser post plain text, but not this.
      to.respond(Response.text(415, "Expecting 'Content-Type' of application/json"));
      return;
    }
    Map<String, String> texts = objectOfTexts(request.body());
    String frameworkId = texts == null ? null : texts.get("framework_id");
    String taskId = texts == null ? null : texts.get("task_id");
    if (frameworkId == null || taskId == null) {
      to.respond(
          Response.text(
              400, "Expecting {\"framework_id\": \"...\", \"task_id\": \"...\"} as the body"));
      return;
    }
    answers.ask(to, number -> new MasterEvent.OperatorKills(number, frameworkId, taskId));
  }

  private static @Nullable Map<String, String> objectOfTexts(byte[] json) {
    Map<String, String> texts = new HashMap<>();
    try (JsonParser in = JACKSON.createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        if (in.nextToken() != JsonToken.VALUE_STRING) {
          return null;
        }
        texts.put(name, in.getText());
      }
      return in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null ? texts : null;
    } catch (IOException malformed) {
      return null;
    }
  }
}
