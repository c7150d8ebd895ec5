package dev.weft.platform.security;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The mesh's own CA: signs the certificates of services and workers, all EC P-256. */
public final class CertificateAuthority {

  /** The role whose certificates can only dial, never serve. */
  public static final String WORKER_ROLE = "worker";

  /** Certificates are valid from a little before now, for hosts whose clock is behind. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private static final int SERIAL_BITS = 127;

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  private CertificateAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** Makes a new CA with its own key. */
  public static CertificateAuthority create(String commonName, Duration validity) {
    return create(commonName, validity, InstantSource.system());
  }

  static CertificateAuthority create(String commonName, Duration validity, InstantSource clock) {
    KeyPair keys = MeshKeys.generate();
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
    var plan = new Plan(name, name, keys.getPublic(), validity);
    X509Certificate certificate =
        sign(
            plan,
            keys.getPrivate(),
            clock,
            new SecureRandom(),
            builder -> {
              builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
              builder.addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
              builder.addExtension(
                  Extension.subjectKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            });
    return new CertificateAuthority(certificate, keys.getPrivate(), clock);
  }

  /**
   * Takes up a CA that was made before.
   *
   * @throws SecurityFailure if the certificate is not a CA's, or the key is another's
   */
  public static CertificateAuthority of(X509Certificate certificate, PrivateKey key) {
    return of(certificate, key, InstantSource.system());
  }

  static CertificateAuthority of(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    if (certificate.getBasicConstraints() < 0) {
      throw new SecurityFailure("CA certificate: not a CA's");
    }
    KeyMatch.require(certificate.getPublicKey(), key, "CA key");
    return new CertificateAuthority(certificate, key, clock);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** For sealing it into a file; see {@link CaFiles}. */
  PrivateKey privateKey() {
    return key;
  }

  /** SHA-256 of the CA certificate's DER in lower-case hex, as join tokens carry it. */
  public String caHash() {
    return Fingerprints.of(certificate);
  }

  /** Signs a service's own key. */
  public X509Certificate issue(PublicKey subjectKey, MeshSubject subject, Duration validity) {
    MeshKeys.requireP256(subjectKey);
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.OU, subject.role())
            .addRDN(BCStyle.CN, subject.nodeId())
            .build();
    var plan = new Plan(issuerName(), name, subjectKey, validity);
    return sign(
        plan, key, clock, random, builder -> addLeafExtensions(builder, subject, subjectKey));
  }

  /** Signs a service's request; the subject is the caller's word, not the request's. */
  public X509Certificate issue(CertificateRequest request, MeshSubject subject, Duration validity) {
    return issue(request.publicKey(), subject, validity);
  }

  /**
   * Signs a worker's request.
   *
   * @param csr DER of PKCS #10; only its key is used
   * @param workerId the id that was authenticated, by join token or by the certificate in use
   * @throws SecurityFailure if the request is malformed or not signed by its own key
   */
  public X509Certificate signWorker(byte[] csr, String workerId, Duration validity) {
    return issue(
        CertificateRequest.verified(csr), new MeshSubject(WORKER_ROLE, workerId), validity);
  }

  private void addLeafExtensions(
      JcaX509v3CertificateBuilder builder, MeshSubject subject, PublicKey subjectKey)
      throws IOException, GeneralSecurityException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, purposes(subject));
    builder.addExtension(Extension.subjectAlternativeName, false, names(subject));
    var utils = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(subjectKey));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        utils.createAuthorityKeyIdentifier(certificate.getPublicKey()));
  }

  private static ExtendedKeyUsage purposes(MeshSubject subject) {
    return subject.role().equals(WORKER_ROLE)
        ? new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)
        : new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
  }

  private static GeneralNames names(MeshSubject subject) {
    return new GeneralNames(
        subject.alternativeNames().stream()
            .map(name -> new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }

  private X500Name issuerName() {
    try {
      return new JcaX509CertificateHolder(certificate).getSubject();
    } catch (CertificateEncodingException e) {
      throw new SecurityFailure("CA certificate: unreadable", e);
    }
  }

  private record Plan(X500Name issuer, X500Name subject, PublicKey key, Duration validity) {
    Plan {
      if (validity.isNegative() || validity.isZero()) {
        throw new IllegalArgumentException("validity: " + validity + " (expected: > PT0S)");
      }
    }
  }

  @FunctionalInterface
  private interface Extensions {
    void addTo(JcaX509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
  }

  private static X509Certificate sign(
      Plan plan,
      PrivateKey signer,
      InstantSource clock,
      SecureRandom random,
      Extensions extensions) {
    Instant now = clock.instant();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              plan.issuer(),
              new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
              Date.from(now.minus(CLOCK_SKEW)),
              Date.from(now.plus(plan.validity())),
              plan.subject(),
              plan.key());
      extensions.addTo(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(MeshKeys.SIGNATURE).build(signer)));
    } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new SecurityFailure("certificate: could not be signed", e);
    }
  }

  @Override
  public String toString() {
    return "CertificateAuthority[" + certificate.getSubjectX500Principal().getName() + "]";
  }
}
