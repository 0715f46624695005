package io.perigee.master.server;

import io.perigee.master.core.MasterEvent;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** Requests that wait for the core's answer. Safe for all threads. */
final class PendingAnswers {
  private final Predicate<MasterEvent> events;
  private final AtomicLong numbers;
  private final Map<Long, Responder> waiting = new ConcurrentHashMap<>();

  /**
   * @param events takes an event, or says false if it cannot now
   * @param numbers gives streams, links and requests their numbers
   */
  PendingAnswers(Predicate<MasterEvent> events, AtomicLong numbers) {
    this.events = events;
    this.numbers = numbers;
  }

  /**
   * Hands an event to the core, whose {@link #answer} the request gets; 503 if it cannot take it.
   */
  void ask(Responder to, LongFunction<MasterEvent> event) {
    long number = numbers.incrementAndGet();
    waiting.put(number, to);
    if (!events.test(event.apply(number))) {
      waiting.remove(number);
      to.respond(overloaded());
    }
  }

  void answer(long request, int status, String text) {
    Responder to = waiting.remove(request);
    if (to != null) {
      to.respond(text.isEmpty() ? Response.of(status) : Response.text(status, text));
    }
  }

  static Response overloaded() {
    return Response.text(503, "The master has more to do than it can; try again later");
  }
}
