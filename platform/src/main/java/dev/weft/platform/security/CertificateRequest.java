package dev.weft.platform.security;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A PKCS #10 request whose signature has been checked, so that its sender holds the private key.
 * Nothing but the key is taken from it: who the subject is says whoever authenticated the sender,
 * never the request.
 */
public final class CertificateRequest {

  private static final int MAX_BYTES = 4096;

  private final PublicKey publicKey;

  private CertificateRequest(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  /**
   * Makes the DER of a request; {@code commonName} is for people who read it and has no other
   * effect.
   */
  public static byte[] create(KeyPair keys, String commonName) {
    try {
      var subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
      return new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
          .build(new JcaContentSignerBuilder(MeshKeys.SIGNATURE).build(keys.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new SecurityFailure("certificate request: could not be signed", e);
    }
  }

  /**
   * Reads a request and checks its proof of possession.
   *
   * @throws SecurityFailure if it is malformed, too large, not EC P-256, or not signed by its own
   *     key
   */
  public static CertificateRequest verified(byte[] der) {
    if (der.length == 0 || der.length > MAX_BYTES) {
      throw new SecurityFailure(
          "certificate request: " + der.length + " bytes (expected: 1…" + MAX_BYTES + ")");
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = MeshKeys.requireP256(request.getPublicKey());
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new SecurityFailure("certificate request: not signed by its own key");
      }
      return new CertificateRequest(key);
    } catch (SecurityFailure e) {
      throw e;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeException e) {
      throw new SecurityFailure("certificate request: malformed (expected: DER of PKCS #10)", e);
    }
  }

  PublicKey publicKey() {
    return publicKey;
  }
}
