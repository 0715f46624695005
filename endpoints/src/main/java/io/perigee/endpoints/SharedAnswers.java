package io.perigee.endpoints;

import io.perigee.net.Counters;
import io.perigee.net.http.Accept;
import io.perigee.net.http.Headers;
import io.perigee.net.http.Request;
import io.perigee.net.http.Response;
import io.perigee.net.server.Responder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers made from a snapshot, rendered once for all who ask for the same at the same time: those
 * who ask while one is being rendered share the next. So nobody sees a state older than its
 * request, and of one answer never more than one rendering is under way. Renderings have one thread
 * of their own, since readers must leave the processors to those who decide. Safe for all threads.
 */
public final class SharedAnswers<S> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedAnswers.class);

  /** Different ones that wait or are rendered; one more is refused. */
  private static final int MOST_ANSWERS = 256;

  /** A snapshot takes as long as the loop has other things to do; beyond this it is stuck. */
  private static final int SNAPSHOT_SECONDS = 10;

  private final Supplier<CompletableFuture<S>> snapshots;
  private final PieceMemory memory;
  private final Response busy;
  private final ExecutorService renderer;
  private final LongAdder rendered;
  private final LongAdder shared;
  private final Map<Key, Answer<S>> answers = new HashMap<>();

  /** Writes a whole body. Runs on the renderer's thread. */
  @FunctionalInterface
  public interface Body<S> {
    void write(S snapshot, OutputStream out) throws IOException;
  }

  private record Key(String name, boolean isGzipped) {}

  private static final class Answer<S> {
    private final String contentType;
    private final Body<S> body;
    private List<Responder> askers = new ArrayList<>();

    private Answer(String contentType, Body<S> body) {
      this.contentType = contentType;
      this.body = body;
    }
  }

  /**
   * @param name of the thread
   * @param snapshots gives one that is no older than the call
   * @param busy the answer if there is no snapshot, or too much waits
   * @param counters gets {@code shared_answers_rendered_total}, and {@code
   *     shared_answers_hits_total}: requests that needed no rendering of their own
   */
  public SharedAnswers(
      String name,
      Supplier<CompletableFuture<S>> snapshots,
      PieceMemory memory,
      Response busy,
      Counters counters) {
    this.snapshots = snapshots;
    this.memory = memory;
    this.busy = busy;
    this.renderer =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon(true).factory());
    this.rendered = counters.counter("shared_answers_rendered_total");
    this.shared = counters.counter("shared_answers_hits_total");
  }

  /**
   * Answers with 200, compressed if the client likes that. Returns at once.
   *
   * @param name of the answer: equal names mean equal bodies of the same snapshot
   */
  public void answer(Request request, String name, String contentType, Body<S> body, Responder to) {
    boolean isGzipped = Accept.parse(request.headers().list("Accept-Encoding")).lists("gzip");
    if (!join(new Key(name, isGzipped), contentType, body, to)) {
      to.respond(busy);
    }
  }

  private synchronized boolean join(Key key, String contentType, Body<S> body, Responder to) {
    Answer<S> answer = answers.get(key);
    if (answer == null) {
      if (answers.size() == MOST_ANSWERS) {
        return false;
      }
      answer = new Answer<>(contentType, body);
      if (!submit(key, answer)) {
        return false;
      }
      answers.put(key, answer);
    } else if (!answer.askers.isEmpty()) {
      shared.increment();
    }
    answer.askers.add(to);
    return true;
  }

  private boolean submit(Key key, Answer<S> answer) {
    try {
      renderer.execute(() -> render(key, answer));
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  private void render(Key key, Answer<S> answer) {
    SharedBody body = new SharedBody(takeAskers(answer), memory);
    try {
      render(key, answer, body);
    } catch (IOException | RuntimeException | Error broken) { // Outermost frame.
      LOG.error("the answer {} failed", key.name(), broken);
      body.fail(Response.of(500));
    } finally {
      next(key, answer);
    }
  }

  private synchronized List<Responder> takeAskers(Answer<S> answer) {
    List<Responder> taken = answer.askers;
    answer.askers = new ArrayList<>();
    return taken;
  }

  /** Those who asked meanwhile are next, after others that wait. */
  private synchronized void next(Key key, Answer<S> answer) {
    if (answer.askers.isEmpty()) {
      answers.remove(key);
    } else if (!submit(key, answer)) {
      answers.remove(key);
      answer.askers.forEach(asker -> asker.respond(busy));
    }
  }

  private void render(Key key, Answer<S> answer, SharedBody body) throws IOException {
    S snapshot;
    try {
      snapshot = snapshots.get().get(SNAPSHOT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException none) {
      body.fail(busy);
      return;
    }
    rendered.increment();
    Headers plain = Headers.of("Content-Type", answer.contentType);
    if (key.isGzipped()) {
      Zipped zipped = new Zipped(body, memory, plain);
      write(answer.body, snapshot, zipped.gzip, zipped.pieces);
    } else {
      PieceOutput pieces = new PieceOutput(body, memory, () -> plain);
      write(answer.body, snapshot, pieces, pieces);
    }
  }

  /** Compresses once for all readers; whether it does is known when the first piece is full. */
  private static final class Zipped {
    private final PieceOutput pieces;
    private final LateGzip gzip;

    private Zipped(SharedBody body, PieceMemory memory, Headers plain) {
      this.pieces = new PieceOutput(body, memory, () -> headers(plain));
      this.gzip = new LateGzip(pieces);
    }

    private Headers headers(Headers plain) {
      return gzip.isZipped() ? plain.with("Content-Encoding", "gzip") : plain;
    }
  }

  private static <S> void write(Body<S> body, S snapshot, OutputStream out, PieceOutput pieces)
      throws IOException {
    try {
      body.write(snapshot, out);
      out.close();
      pieces.finish();
    } catch (PieceOutput.NobodyReads gone) {
      // All readers went away meanwhile: nothing is left to be done.
    } finally {
      pieces.discard();
    }
  }

  /** Stops rendering; what was rendered is still sent. */
  @Override
  public void close() {
    renderer.shutdownNow();
  }
}
