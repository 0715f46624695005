package io.perigee.net.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one client, by host: the one used last is used next, calls that find none wait
 * in a bounded line. Safe for all threads.
 */
final class Pool {
  private static final String CLOSED = "the client was closed";

  private final Connector connector;
  private final ClientLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Origin, Host> hosts = new HashMap<>();
  private boolean isClosed;

  Pool(Connector connector, ClientLimits limits) {
    this.connector = connector;
    this.limits = limits;
  }

  /** Sends the call as soon as there is a connection for it. */
  void send(ClientCall call) {
    Runnable next;
    lock.lock();
    try {
      next = place(call);
    } finally {
      lock.unlock();
    }
    next.run();
  }

  /** What is to be done once the lock is free. */
  private Runnable place(ClientCall call) {
    if (isClosed) {
      return () -> call.fail(HttpFailure.Kind.CANCELLED, CLOSED, null);
    }
    Host host = hosts.computeIfAbsent(Origin.of(call.request().uri()), Host::new);
    ClientConnection idle = host.idle.pollLast();
    if (idle != null) {
      return () -> idle.start(call);
    }
    if (host.open < limits.connectionsPerHost()) {
      host.open++;
      return () -> connector.connectFor(call, host);
    }
    if (host.waiting.size() < limits.waitingPerHost()) {
      host.waiting.add(call);
      return () -> {};
    }
    String full = limits.waitingPerHost() + " calls wait for a connection";
    return () -> call.fail(HttpFailure.Kind.TOO_MANY_WAITING, full, null);
  }

  /** Takes no calls any more and fails those that wait. */
  void close() {
    List<ClientCall> waiting = new ArrayList<>();
    lock.lock();
    try {
      isClosed = true;
      for (Host host : hosts.values()) {
        waiting.addAll(host.waiting);
        host.waiting.clear();
      }
    } finally {
      lock.unlock();
    }
    waiting.forEach(call -> call.fail(HttpFailure.Kind.CANCELLED, CLOSED, null));
  }

  /** The connections to one host; the outer lock guards the fields. */
  private final class Host implements ClientConnection.Owner {
    private final Origin origin;
    private final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<ClientCall> waiting = new ArrayDeque<>();
    private int open;

    private Host(Origin origin) {
      this.origin = origin;
    }

    @Override
    public void idle(ClientConnection connection) {
      ClientCall next;
      lock.lock();
      try {
        next = nextWaiting();
        if (next == null) {
          idle.addLast(connection);
        }
      } finally {
        lock.unlock();
      }
      if (next != null) {
        connection.start(next);
      }
    }

    @Override
    public void closed(ClientConnection connection) {
      lock.lock();
      try {
        idle.remove(connection);
      } finally {
        lock.unlock();
      }
      oneLess();
    }

    @Override
    public void notSent(ClientCall call) {
      send(call);
    }

    @Override
    public void notConnected() {
      oneLess();
    }

    private @Nullable ClientCall nextWaiting() {
      ClientCall next = waiting.poll();
      while (next != null && next.isOver()) {
        next = waiting.poll();
      }
      return next;
    }

    private void oneLess() {
      ClientCall next;
      lock.lock();
      try {
        next = nextWaiting();
        if (next == null && --open == 0) {
          hosts.remove(origin);
        }
      } finally {
        lock.unlock();
      }
      if (next != null) {
        connector.connectFor(next, this);
      }
    }
  }
}
