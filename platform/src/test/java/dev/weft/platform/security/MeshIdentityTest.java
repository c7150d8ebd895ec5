package dev.weft.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class MeshIdentityTest {

  private final TestCa ca = new TestCa();

  @Test
  void replacementShowsTheNewCertificateAndStillAnswersForTheOldAlias() {
    MeshCredentials first = ca.credentials("router", "r0");
    MeshCredentials second = ca.credentials("router", "r0");
    MeshIdentity identity = new MeshIdentity(first);
    AtomicInteger told = new AtomicInteger();
    identity.onReplaced(told::incrementAndGet);
    String begun = identity.keyManager().chooseEngineServerAlias("EC", null, null);

    identity.replace(second);

    String fresh = identity.keyManager().chooseEngineServerAlias("EC", null, null);
    assertThat(identity.keyManager().getCertificateChain(fresh))
        .containsExactlyElementsOf(second.chain());
    assertThat(identity.keyManager().getCertificateChain(begun))
        .containsExactlyElementsOf(first.chain());
    assertThat(identity.keyManager().getPrivateKey(begun)).isEqualTo(first.key());
    assertThat(told).hasValue(1);
    assertThat(identity.notAfter()).isEqualTo(second.notAfter());
  }

  @Test
  void credentialsOfAnotherSubjectAreRefused() {
    MeshIdentity identity = ca.identity("router", "r0");

    assertThatThrownBy(() -> identity.replace(ca.credentials("gateway", "r0")))
        .isInstanceOf(SecurityFailure.class);
    assertThatThrownBy(() -> identity.replace(ca.credentials("router", "r1")))
        .isInstanceOf(SecurityFailure.class);
    assertThat(identity.subject()).isEqualTo(new MeshSubject("router", "r0"));
  }

  @Test
  void keyOfAnotherCertificateIsRefused() {
    MeshCredentials one = ca.credentials("router", "r0");
    MeshCredentials two = ca.credentials("router", "r0");

    assertThatThrownBy(() -> new MeshCredentials(one.chain(), two.key(), one.trusted()))
        .isInstanceOf(SecurityFailure.class)
        .hasMessageContaining("mesh key");
  }

  @Test
  void keysDoNotShowThemselves() {
    MeshCredentials credentials = ca.credentials("router", "r0");

    assertThat(credentials.toString()).isEqualTo("MeshCredentials[CN=r0,OU=router]");
    assertThat(new MeshIdentity(credentials).toString()).isEqualTo("MeshIdentity[r0.router]");
  }

  @Test
  void certificatesWithOtherNamesHaveNoSubject() throws Exception {
    List<GeneralName[]> unusable =
        List.of(
            new GeneralName[] {},
            new GeneralName[] {dns("router.weft")},
            new GeneralName[] {dns("router.weft"), dns("r0.gateway.weft")},
            new GeneralName[] {dns("router.weft"), dns("r0.router.weft"), dns("gateway.weft")},
            new GeneralName[] {dns("router.example"), dns("r0.router.example")},
            new GeneralName[] {dns("router.weft"), dns("a.b.router.weft")},
            new GeneralName[] {dns("*.weft"), dns("r0.*.weft")},
            new GeneralName[] {
              dns("router.weft"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
            });

    for (GeneralName[] names : unusable) {
      X509Certificate certificate = selfSigned(names);
      assertThatThrownBy(() -> MeshSubject.of(certificate))
          .as(Arrays.toString(names))
          .isInstanceOf(SecurityFailure.class);
    }
  }

  private static GeneralName dns(String name) {
    return new GeneralName(GeneralName.dNSName, name);
  }

  private static X509Certificate selfSigned(GeneralName[] names) throws Exception {
    KeyPair keys = MeshKeys.generate();
    X500Name name = new X500Name("CN=x");
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now),
            Date.from(now.plusSeconds(60)),
            name,
            keys.getPublic());
    if (names.length > 0) {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }
}
