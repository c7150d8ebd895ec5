package dev.weft.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Tells whether a private key belongs to a public one, by signing and verifying. */
final class KeyMatch {

  private static final byte[] PROBE = "weft key match".getBytes(StandardCharsets.UTF_8);

  private KeyMatch() {}

  static void require(PublicKey publicKey, PrivateKey privateKey, String what) {
    if (!matches(publicKey, privateKey)) {
      throw new SecurityFailure(what + ": does not belong to the certificate");
    }
  }

  private static boolean matches(PublicKey publicKey, PrivateKey privateKey) {
    try {
      Signature signer = Signature.getInstance(MeshKeys.SIGNATURE);
      signer.initSign(privateKey);
      signer.update(PROBE);
      Signature verifier = Signature.getInstance(MeshKeys.SIGNATURE);
      verifier.initVerify(publicKey);
      verifier.update(PROBE);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
