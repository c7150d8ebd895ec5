package dev.weft.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final String WORKER = "wkr_06bqk2z5v8c3m4n5p6q7r8s9t0";

  private final CertificateAuthority ca = new TestCa().authority();

  @Test
  void serviceCertificateNamesRoleAndNodeAndServesAndDials() throws Exception {
    KeyPair keys = MeshKeys.generate();

    X509Certificate issued = ca.issue(keys.getPublic(), new MeshSubject("router", "router-0"), DAY);

    issued.verify(ca.certificate().getPublicKey());
    assertThat(MeshSubject.of(issued)).isEqualTo(new MeshSubject("router", "router-0"));
    assertThat(issued.getSubjectAlternativeNames())
        .extracting(entry -> String.valueOf(entry.get(1)))
        .containsExactly("router.weft", "router-0.router.weft");
    assertThat(issued.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(issued.getBasicConstraints()).isEqualTo(-1);
    assertThat(issued.getNotAfter().toInstant())
        .isBetween(Instant.now().plus(DAY).minusSeconds(60), Instant.now().plus(DAY));
  }

  @Test
  void workerCertificateCanOnlyDial() throws Exception {
    byte[] csr = CertificateRequest.create(MeshKeys.generate(), WORKER);

    X509Certificate issued = ca.signWorker(csr, WORKER, DAY);

    assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(MeshSubject.of(issued)).isEqualTo(new MeshSubject("worker", WORKER));
  }

  @Test
  void roleAndNameInTheRequestAreIgnored() throws Exception {
    KeyPair keys = MeshKeys.generate();
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.dNSName, "gateway.weft"),
              new GeneralName(GeneralName.dNSName, "gateway-0.gateway.weft")
            }));
    byte[] csr =
        new JcaPKCS10CertificationRequestBuilder(
                new X500Name("OU=gateway,CN=gateway-0"), keys.getPublic())
            .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded();

    X509Certificate issued = ca.signWorker(csr, WORKER, DAY);

    assertThat(MeshSubject.of(issued)).isEqualTo(new MeshSubject("worker", WORKER));
    assertThat(issued.toString()).doesNotContain("gateway");
    assertThat(issued.getPublicKey()).isEqualTo(keys.getPublic());
  }

  @Test
  void requestSignedByAnotherKeyIsRefused() throws Exception {
    KeyPair thief = MeshKeys.generate();
    KeyPair victim = MeshKeys.generate();
    byte[] csr =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), victim.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(thief.getPrivate()))
            .getEncoded();

    assertThatThrownBy(() -> ca.signWorker(csr, WORKER, DAY))
        .isInstanceOf(SecurityFailure.class)
        .hasMessageContaining("not signed by its own key");
  }

  @Test
  void noChangeOfARequestGivesAnotherKey() {
    KeyPair keys = MeshKeys.generate();
    byte[] csr = CertificateRequest.create(keys, WORKER);
    int refused = 0;

    for (int bit = 0; bit < csr.length * 8; bit++) {
      byte[] changed = csr.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        // Some bits of the encoding mean nothing, as the form of a length.
        assertThat(CertificateRequest.verified(changed).publicKey()).isEqualTo(keys.getPublic());
      } catch (SecurityFailure e) {
        refused++;
      }
    }

    assertThat(refused).isGreaterThan(csr.length * 7);
  }

  @Test
  void malformedRequestsAreRefused() throws Exception {
    byte[] csr = CertificateRequest.create(MeshKeys.generate(), WORKER);
    List<byte[]> malformed =
        List.of(
            new byte[0],
            new byte[] {0x30},
            "not DER".getBytes(StandardCharsets.US_ASCII),
            Arrays.copyOf(csr, csr.length - 1),
            new byte[100_000],
            ca.certificate().getEncoded());

    for (byte[] der : malformed) {
      assertThatThrownBy(() -> CertificateRequest.verified(der))
          .isInstanceOf(SecurityFailure.class);
    }
  }

  @Test
  void keysOtherThanP256AreRefused() throws Exception {
    for (String[] kind : new String[][] {{"RSA", "SHA256withRSA"}, {"EC", "SHA256withECDSA"}}) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind[0]);
      generator.initialize("RSA".equals(kind[0]) ? 2048 : 384);
      KeyPair keys = generator.generateKeyPair();
      byte[] csr =
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), keys.getPublic())
              .build(new JcaContentSignerBuilder(kind[1]).build(keys.getPrivate()))
              .getEncoded();

      assertThatThrownBy(() -> CertificateRequest.verified(csr))
          .isInstanceOf(SecurityFailure.class)
          .hasMessageContaining("expected: EC P-256");
    }
  }

  @Test
  void anotherCasKeyOrALeafIsNoCa() {
    CertificateAuthority other = new TestCa().authority();
    KeyPair keys = MeshKeys.generate();
    X509Certificate leaf = ca.issue(keys.getPublic(), new MeshSubject("router", "r0"), DAY);

    assertThatThrownBy(() -> CertificateAuthority.of(ca.certificate(), other.privateKey()))
        .isInstanceOf(SecurityFailure.class)
        .hasMessageContaining("CA key");
    assertThatThrownBy(() -> CertificateAuthority.of(leaf, keys.getPrivate()))
        .isInstanceOf(SecurityFailure.class)
        .hasMessageContaining("not a CA's");
  }

  @Test
  void idsThatAreNoNamesAreRefused() {
    byte[] csr = CertificateRequest.create(MeshKeys.generate(), "x");

    for (String id : List.of("", "a.b", "a b", "../x", "x".repeat(64), "é", "-a")) {
      assertThatThrownBy(() -> ca.signWorker(csr, id, DAY))
          .as(id)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void serialsArePositiveAndDiffer() {
    KeyPair keys = MeshKeys.generate();
    MeshSubject subject = new MeshSubject("router", "r0");

    BigInteger first = ca.issue(keys.getPublic(), subject, DAY).getSerialNumber();
    BigInteger second = ca.issue(keys.getPublic(), subject, DAY).getSerialNumber();

    assertThat(first).isPositive().isNotEqualTo(second);
  }
}
