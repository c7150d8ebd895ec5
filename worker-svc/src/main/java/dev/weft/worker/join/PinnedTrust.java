package dev.weft.worker.join;

import dev.weft.platform.security.Fingerprints;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.SecurityFailure;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a new machine believes at the mesh's public door: a gateway certified by the CA whose hash
 * is in the join token, wherever it runs; else a server that the machine's own CAs vouch for, under
 * the name that was dialled.
 */
final class PinnedTrust extends X509ExtendedTrustManager {

  private static final String ROLE = "gateway";

  private final String caHash;
  private final X509ExtendedTrustManager machine = pkix(null);

  PinnedTrust(String caHash) {
    this.caHash = caHash;
  }

  private static X509ExtendedTrustManager pkix(@Nullable X509Certificate anchor) {
    try {
      KeyStore store = null;
      if (anchor != null) {
        store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("mesh", anchor);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new IllegalStateException("this JDK lacks an extended PKIX trust manager");
    } catch (GeneralSecurityException | IOException e) {
      throw new SecurityFailure("CA: cannot be trusted", e);
    }
  }

  /** Whether the chain leads to the mesh's own CA; then it must hold, and nothing else is tried. */
  private boolean isMesh(X509Certificate[] chain, String authType) throws CertificateException {
    for (X509Certificate each : chain) {
      if (Fingerprints.same(Fingerprints.of(each), caHash)) {
        pkix(each).checkServerTrusted(chain, authType);
        requireGateway(chain[0]);
        return true;
      }
    }
    return false;
  }

  private static void requireGateway(X509Certificate leaf) throws CertificateException {
    try {
      MeshSubject subject = MeshSubject.of(leaf);
      if (!subject.role().equals(ROLE)) {
        throw new CertificateException("role: " + subject.role() + " (expected: " + ROLE + ")");
      }
    } catch (SecurityFailure e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    if (!isMesh(chain, authType)) {
      machine.checkServerTrusted(chain, authType, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    if (!isMesh(chain, authType)) {
      machine.checkServerTrusted(chain, authType, socket);
    }
  }

  /** Without a connection there is no name to check, so only the mesh's own CA counts. */
  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    if (!isMesh(chain, authType)) {
      throw new CertificateException("certificate: not of the mesh's CA");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("a worker takes no connections");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return machine.getAcceptedIssuers();
  }
}
