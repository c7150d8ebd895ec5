package dev.weft.platform.security;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/** The one kind of key in the mesh: EC on the curve P-256. */
public final class MeshKeys {

  static final String SIGNATURE = "SHA256withECDSA";
  private static final String CURVE = "secp256r1";

  private MeshKeys() {}

  /** Makes a new key pair from the JDK's strong source of randomness. */
  public static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks EC P-256", e);
    }
  }

  /** Refuses every key that is not EC P-256. */
  static PublicKey requireP256(PublicKey key) {
    if (key instanceof ECPublicKey ec && isP256(ec.getParams())) {
      return key;
    }
    throw new SecurityFailure("public key: " + key.getAlgorithm() + " (expected: EC P-256)");
  }

  private static boolean isP256(ECParameterSpec given) {
    ECParameterSpec p256 = Curve.P256;
    return given.getCurve().equals(p256.getCurve())
        && given.getGenerator().equals(p256.getGenerator())
        && given.getOrder().equals(p256.getOrder())
        && given.getCofactor() == p256.getCofactor();
  }

  /** Lazily, so that a native image does not compute it at build time. */
  private static final class Curve {
    static final ECParameterSpec P256 = ((ECPublicKey) generate().getPublic()).getParams();
  }
}
