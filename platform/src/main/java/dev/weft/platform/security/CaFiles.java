package dev.weft.platform.security;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The CA on disk: its certificate in the clear, its key sealed by the master key. */
public final class CaFiles {

  private static final String CONTEXT = "weft/ca-key/";

  private CaFiles() {}

  /** Writes both files. */
  public static void write(
      Path certificateFile, Path keyFile, CertificateAuthority ca, EnvelopeCipher cipher) {
    byte[] key = ca.privateKey().getEncoded();
    try {
      byte[] sealed = cipher.seal(key, CONTEXT + ca.caHash());
      PrivateFiles.writeText(keyFile, Base64.getEncoder().encodeToString(sealed) + "\n");
    } finally {
      Arrays.fill(key, (byte) 0);
    }
    PemFiles.writeCertificates(certificateFile, List.of(ca.certificate()));
  }

  /**
   * Reads both files.
   *
   * @throws SecurityFailure if one is missing, or they do not belong to each other or to the master
   *     key
   */
  public static CertificateAuthority read(
      Path certificateFile, Path keyFile, EnvelopeCipher cipher) {
    X509Certificate certificate = PemFiles.readCertificates(certificateFile).getFirst();
    byte[] sealed;
    try {
      sealed = Base64.getDecoder().decode(PrivateFiles.readText(keyFile).strip());
    } catch (IllegalArgumentException e) {
      throw new SecurityFailure(keyFile + ": not base64");
    }
    byte[] key = cipher.open(sealed, CONTEXT + Fingerprints.of(certificate));
    try {
      return CertificateAuthority.of(certificate, PemFiles.privateKey(key, keyFile.toString()));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
