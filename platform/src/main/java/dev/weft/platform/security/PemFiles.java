package dev.weft.platform.security;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as PEM; private keys are files of mode 0600. */
public final class PemFiles {

  private static final Base64.Encoder MIME =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private PemFiles() {}

  /** Writes a chain, the leaf first. */
  public static void writeCertificates(Path file, List<X509Certificate> chain) {
    PrivateFiles.writePublicText(file, certificatesText(chain));
  }

  /** Writes a PKCS #8 key that only its owner can read. */
  public static void writePrivateKey(Path file, PrivateKey key) {
    PrivateFiles.writeText(file, block(PRIVATE_KEY, key.getEncoded()));
  }

  /** Reads at least one certificate, in the file's order. */
  public static List<X509Certificate> readCertificates(Path file) {
    return parseCertificates(PrivateFiles.readText(file), file.toString());
  }

  /** Reads a PKCS #8 EC key. */
  public static PrivateKey readPrivateKey(Path file) {
    return parsePrivateKey(PrivateFiles.readText(file), file.toString());
  }

  /** A chain as PEM text. */
  public static String certificatesText(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      text.append(block(CERTIFICATE, der(certificate)));
    }
    return text.toString();
  }

  /** Reads DER, for example from the wire. */
  public static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new SecurityFailure("certificate: malformed (expected: DER of X.509)", e);
    }
  }

  /** Writes DER, for example for the wire. */
  public static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new SecurityFailure("certificate: unreadable", e);
    }
  }

  static List<X509Certificate> parseCertificates(String pem, String source) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] der : blocks(pem, CERTIFICATE, source)) {
      certificates.add(certificate(der));
    }
    return List.copyOf(certificates);
  }

  static PrivateKey parsePrivateKey(String pem, String source) {
    List<byte[]> found = blocks(pem, PRIVATE_KEY, source);
    if (found.size() != 1) {
      throw new SecurityFailure(source + ": " + found.size() + " private keys (expected: 1)");
    }
    return privateKey(found.getFirst(), source);
  }

  static PrivateKey privateKey(byte[] pkcs8, String source) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      // The cause may quote key bytes, so it is not chained.
      throw new SecurityFailure(source + ": malformed (expected: PKCS #8 of an EC key)");
    }
  }

  private static String block(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + MIME.encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static List<byte[]> blocks(String pem, String type, String source) {
    Matcher matcher =
        Pattern.compile(
                "-----BEGIN " + type + "-----([A-Za-z0-9+/=\\s]*)-----END " + type + "-----")
            .matcher(pem);
    List<byte[]> found = new ArrayList<>();
    while (matcher.find()) {
      try {
        found.add(Base64.getMimeDecoder().decode(matcher.group(1)));
      } catch (IllegalArgumentException e) {
        throw new SecurityFailure(source + ": a PEM block is not base64");
      }
    }
    if (found.isEmpty()) {
      throw new SecurityFailure(source + ": no PEM block " + type);
    }
    return found;
  }
}
