package io.perigee.net.tls;

import java.io.IOException;

/**
 * The files do not make a usable TLS configuration; the message names the file and what is wrong.
 */
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1;

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
