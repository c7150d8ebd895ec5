package dev.weft.platform.security;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who this process is in the mesh. The credentials can be replaced while it runs: handshakes that
 * begin afterwards use the new ones, on servers and channels alike; who must act on it (channels
 * re-dial) listens.
 */
public final class MeshIdentity {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final IdentityKeyManager keyManager;
  private final IdentityTrustManager trustManager;
  private final MeshSubject subject;
  private volatile MeshCredentials current;

  public MeshIdentity(MeshCredentials credentials) {
    this.subject = credentials.subject();
    this.current = credentials;
    this.keyManager = new IdentityKeyManager(credentials);
    this.trustManager = new IdentityTrustManager(credentials.trusted());
  }

  /** Reads PEM files. */
  public static MeshIdentity fromFiles(Path certificateFile, Path keyFile, Path caFile) {
    return new MeshIdentity(MeshCredentials.read(certificateFile, keyFile, caFile));
  }

  /**
   * Takes new credentials for the next handshakes.
   *
   * @throws SecurityFailure if they name another subject; the old ones stay
   */
  public synchronized void replace(MeshCredentials credentials) {
    if (!credentials.subject().equals(subject)) {
      throw new SecurityFailure(
          "mesh credentials: of " + credentials.subject() + " (expected: " + subject + ")");
    }
    trustManager.replace(credentials.trusted());
    keyManager.replace(credentials);
    current = credentials;
    listeners.forEach(Runnable::run);
  }

  /** Runs an action after every replacement; it must not block. */
  public AutoCloseable onReplaced(Runnable action) {
    listeners.add(action);
    return () -> listeners.remove(action);
  }

  public MeshSubject subject() {
    return subject;
  }

  public MeshCredentials credentials() {
    return current;
  }

  /** When the certificate in use ends. */
  public Instant notAfter() {
    return current.notAfter();
  }

  /** Presents the certificate in use. */
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /** Trusts the CAs in use and nothing else. */
  public X509ExtendedTrustManager trustManager() {
    return trustManager;
  }

  @Override
  public String toString() {
    return "MeshIdentity[" + subject.nodeId() + "." + subject.role() + "]";
  }
}
