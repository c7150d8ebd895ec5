package dev.weft.worker.join;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PinnedTrustTest {

  private static final Duration LIFE = Duration.ofHours(1);

  private final CertificateAuthority mesh = CertificateAuthority.create("mesh", LIFE);
  private final CertificateAuthority other = CertificateAuthority.create("other", LIFE);
  private final PinnedTrust trust = new PinnedTrust(mesh.caHash());

  @Test
  void gatewayOfTheTokensMeshIsBelieved() {
    assertThatCode(() -> check(leaf(mesh, "gateway"), mesh.certificate()))
        .doesNotThrowAnyException();
  }

  @Test
  void gatewayOfAnotherMeshIsNot() {
    refused(leaf(other, "gateway"), other.certificate());
  }

  @Test
  void anotherRoleOfTheTokensMeshIsNot() {
    refused(leaf(mesh, "router"), mesh.certificate());
    refused(leaf(mesh, "worker"), mesh.certificate());
  }

  @Test
  void authorityThatIsOnlyShownButDidNotSignIsNotEnough() {
    refused(leaf(other, "gateway"), mesh.certificate());
    refused(leaf(other, "gateway"), other.certificate(), mesh.certificate());
  }

  @Test
  void chainWithoutItsAuthorityIsNotBelieved() {
    refused(leaf(mesh, "gateway"));
  }

  @Test
  void nobodyIsBelievedAsAClient() {
    assertThatThrownBy(
            () ->
                trust.checkClientTrusted(
                    new X509Certificate[] {leaf(mesh, "gateway"), mesh.certificate()}, "EC"))
        .isInstanceOf(CertificateException.class);
  }

  private void refused(X509Certificate... chain) {
    assertThatThrownBy(() -> check(chain)).isInstanceOf(CertificateException.class);
  }

  private void check(X509Certificate... chain) throws CertificateException {
    trust.checkServerTrusted(chain, "ECDHE_ECDSA");
  }

  private static X509Certificate leaf(CertificateAuthority ca, String role) {
    return ca.issue(MeshKeys.generate().getPublic(), new MeshSubject(role, "n-1"), LIFE);
  }
}
