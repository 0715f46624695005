package io.perigee.net.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Reads certificates and keys (RFC 7468). Pure. */
final class Pem {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private Pem() {}

  /** At least one, in the order of the file. */
  static X509Certificate[] certificates(byte[] pem) throws CertificateException {
    X509Certificate[] certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))
            .toArray(X509Certificate[]::new);
    if (certificates.length == 0) {
      throw new CertificateException("no certificate in the file");
    }
    return certificates;
  }

  /**
   * Reads an unencrypted PKCS#8 key, and makes sure that it is the certificate's: handshakes would
   * fail one by one otherwise, after the good files were given up.
   */
  static PrivateKey privateKey(byte[] pem, X509Certificate certificate)
      throws GeneralSecurityException {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new GeneralSecurityException(
          "no private key in the file (expected: PKCS#8, " + BEGIN + ")");
    }
    byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
    String algorithm = certificate.getPublicKey().getAlgorithm();
    PrivateKey key =
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    Signature signature =
        Signature.getInstance(
            switch (algorithm) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> algorithm;
            });
    signature.initSign(key);
    signature.update(pem);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(pem);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("the private key is not that of the certificate");
    }
    return key;
  }
}
