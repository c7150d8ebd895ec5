package dev.weft.platform.grpc;

import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.SecurityFailure;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jboss.logging.Logger;

/**
 * Reads the peer out of the verified leaf certificate, once a connection. Without one, the
 * attribute is missing.
 */
final class PeerFilter extends ServerTransportFilter {

  /** Who opened the connection and until when the proof is good. */
  record Verified(Peer peer, Instant until) {}

  static final Attributes.Key<Verified> VERIFIED = Attributes.Key.create("weft-verified-peer");

  private static final Logger LOG = Logger.getLogger(PeerFilter.class);

  @Override
  public Attributes transportReady(Attributes attributes) {
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return attributes;
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length > 0 && chain[0] instanceof X509Certificate leaf) {
        MeshSubject subject = MeshSubject.of(leaf);
        Peer peer = new Peer(subject.role(), subject.nodeId());
        Verified verified = new Verified(peer, leaf.getNotAfter().toInstant());
        return attributes.toBuilder().set(VERIFIED, verified).build();
      }
    } catch (SSLPeerUnverifiedException | SecurityFailure e) {
      LOG.warnf("mesh peer without a name: %s", e.getMessage());
    }
    return attributes;
  }
}
