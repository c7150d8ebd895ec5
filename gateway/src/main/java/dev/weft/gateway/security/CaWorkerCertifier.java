package dev.weft.gateway.security;

import dev.weft.gateway.app.Der;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.WorkerCertifier;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.security.SecurityFailure;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** Signs with the mesh's CA, for a day. */
public final class CaWorkerCertifier implements WorkerCertifier {

  private static final Duration LIFETIME = Duration.ofHours(24);

  private final CertificateAuthority authority;

  public CaWorkerCertifier(CertificateAuthority authority) {
    this.authority = authority;
  }

  @Override
  public Certified certify(Der signingRequest, String workerId) {
    try {
      X509Certificate certificate =
          authority.signWorker(signingRequest.bytes(), workerId, LIFETIME);
      return new Certified(
          List.of(Der.of(PemFiles.der(certificate))),
          Der.of(PemFiles.der(authority.certificate())),
          LIFETIME);
    } catch (SecurityFailure e) {
      throw new MeshException(
          GatewayReason.CSR_INVALID, "certificate_signing_request: " + e.getMessage(), e);
    }
  }
}
