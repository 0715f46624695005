package io.perigee.agent.containers;

import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which a runtime calls its listener. The queue is bounded by its users: each
 * container puts at most a start and an end into it, and the containers are bounded.
 */
public final class Callbacks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  public Callbacks(String name) {
    thread = Thread.ofPlatform().name(name).daemon(true).start(this::run);
  }

  public void add(Runnable callback) {
    queue.add(callback);
  }

  private void run() {
    while (!closed) {
      try {
        queue.take().run();
      } catch (InterruptedException closing) {
        return;
      } catch (RuntimeException broken) {
        LOG.error("the listener of the container runtime failed; the runtime goes on", broken);
      }
    }
  }

  /** Calls nothing any more, but for a callback that is under way. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
