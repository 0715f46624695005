package io.perigee.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.perigee.net.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side's TLS. The files are looked at again and again; when their contents have changed, later
 * connections use the new ones. New files that do not work change nothing: that is logged and
 * counted once ({@code tls_reloads_total{result="failed"}}), and looked at again at the next round,
 * because certificate and key are seldom replaced in the same instant. Safe for all threads.
 */
public final class Tls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  private final TlsFiles files;
  private final Role role;
  private final LongAdder reloads;
  private final LongAdder failures;
  private final Thread checks;
  private volatile SslContext context;
  private List<byte[]> lastContents;

  private enum Role {
    SERVER_REQUIRES_CERTIFICATE,
    SERVER,
    CLIENT
  }

  private Tls(TlsFiles files, Role role, Duration checkEvery, Counters counters)
      throws TlsException {
    this.files = files;
    this.role = role;
    this.reloads = counters.counter("tls_reloads_total", "result", "ok");
    this.failures = counters.counter("tls_reloads_total", "result", "failed");
    this.lastContents = read();
    this.context = build(lastContents);
    this.checks = Thread.ofVirtual().name("net-tls-files").start(() -> check(checkEvery));
  }

  /**
   * A server's side.
   *
   * @param files with a certificate
   * @param requiresClientCertificate false to let clients in that show none, if the files name
   *     authorities; one that is shown is checked in any case
   * @param checkEvery how often the files are looked at
   * @throws TlsException if the files do not work now
   */
  public static Tls server(
      TlsFiles files, boolean requiresClientCertificate, Duration checkEvery, Counters counters)
      throws TlsException {
    if (files.certificates() == null) {
      throw new IllegalArgumentException("a server needs a certificate");
    }
    Role role = requiresClientCertificate ? Role.SERVER_REQUIRES_CERTIFICATE : Role.SERVER;
    return new Tls(files, role, checkEvery, counters);
  }

  /**
   * A client's side. The server's certificate must be valid for the host that is asked for.
   *
   * @throws TlsException if the files do not work now
   */
  public static Tls client(TlsFiles files, Duration checkEvery, Counters counters)
      throws TlsException {
    return new Tls(files, Role.CLIENT, checkEvery, counters);
  }

  /** For this module: a server's handler for a new connection. */
  public SslHandler serverHandler(ByteBufAllocator allocator, Duration handshakeTime) {
    return within(context.newHandler(allocator), handshakeTime);
  }

  /** For this module: a client's handler for a new connection. */
  public SslHandler clientHandler(
      ByteBufAllocator allocator, String host, int port, Duration handshakeTime) {
    return within(context.newHandler(allocator, host, port), handshakeTime);
  }

  private static SslHandler within(SslHandler handler, Duration handshakeTime) {
    handler.setHandshakeTimeoutMillis(handshakeTime.toMillis());
    return handler;
  }

  private void check(Duration every) {
    try {
      while (true) {
        Thread.sleep(every);
        reloadIfChanged();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void reloadIfChanged() {
    List<byte[]> contents = List.of();
    try {
      contents = read();
      if (same(contents, lastContents)) {
        return;
      }
      context = build(contents);
      reloads.increment();
      LOG.info("TLS files were read again: {}", files.all());
    } catch (TlsException broken) {
      if (!same(contents, lastContents)) {
        failures.increment();
        LOG.error("TLS files have changed and do not work, the old ones stay in use", broken);
      }
    }
    lastContents = contents;
  }

  private static boolean same(List<byte[]> a, List<byte[]> b) {
    return Arrays.deepEquals(a.toArray(), b.toArray());
  }

  private List<byte[]> read() throws TlsException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files.all()) {
      try {
        contents.add(Files.readAllBytes(file));
      } catch (IOException unreadable) {
        throw new TlsException(file + " cannot be read: " + unreadable, unreadable);
      }
    }
    return contents;
  }

  /** Made of the bytes that were compared, so that no later change of the files goes unnoticed. */
  private SslContext build(List<byte[]> contents) throws TlsException {
    try {
      SslContextBuilder builder = SslContextBuilder.forClient();
      if (files.certificates() != null) {
        X509Certificate[] chain = Pem.certificates(contents.getFirst());
        PrivateKey key = Pem.privateKey(contents.get(1), chain[0]);
        builder =
            role == Role.CLIENT
                ? builder.keyManager(key, chain)
                : SslContextBuilder.forServer(key, chain);
      }
      if (files.authorities() != null) {
        builder.trustManager(Pem.certificates(contents.getLast()));
        switch (role) {
          case SERVER_REQUIRES_CERTIFICATE -> builder.clientAuth(ClientAuth.REQUIRE);
          case SERVER -> builder.clientAuth(ClientAuth.OPTIONAL);
          case CLIENT -> {}
        }
      }
      return builder.sslProvider(SslProvider.JDK).build();
    } catch (IOException | GeneralSecurityException | IllegalArgumentException broken) {
      throw new TlsException(files.all() + ": " + broken.getMessage(), broken);
    }
  }

  /** Looks at the files no more. Connections stay as they are. */
  @Override
  public void close() {
    checks.interrupt();
  }
}
