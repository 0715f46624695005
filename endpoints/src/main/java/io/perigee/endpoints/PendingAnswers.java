package io.perigee.endpoints;

import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** Requests that wait for a core's answer. Safe for all threads. */
public final class PendingAnswers<E> {
  private final String daemon;
  private final Predicate<E> events;
  private final AtomicLong numbers;
  private final Map<Long, Responder> waiting = new ConcurrentHashMap<>();

  /**
   * @param daemon whose core it is, such as {@code master}
   * @param events takes an event, or says false if it cannot now
   * @param numbers gives streams, links and requests their numbers
   */
  public PendingAnswers(String daemon, Predicate<E> events, AtomicLong numbers) {
    this.daemon = daemon;
    this.events = events;
    this.numbers = numbers;
  }

  /**
   * Hands an event to the core, whose {@link #answer} the request gets; 503 if it cannot take it.
   */
  public void ask(Responder to, LongFunction<E> event) {
    long number = numbers.incrementAndGet();
    waiting.put(number, to);
    if (!events.test(event.apply(number))) {
      waiting.remove(number);
      to.respond(overloaded());
    }
  }

  /** Answers a request, if one of that number waits. */
  public void answer(long request, int status, String text) {
    Responder to = waiting.remove(request);
    if (to != null) {
      to.respond(text.isEmpty() ? Response.of(status) : Response.text(status, text));
    }
  }

  /** The answer where the core cannot take an event. */
  public Response overloaded() {
    return Response.text(503, "The " + daemon + " has more to do than it can; try again later");
  }
}
