package dev.weft.gateway.app;

import java.time.Duration;
import java.util.List;

/** Signs workers' keys with the mesh's CA. */
public interface WorkerCertifier {

  /** What a worker gets; everything in DER. */
  record Certified(List<Der> chain, Der authority, Duration lifetime) {}

  /**
   * Signs the key of a request for the worker id, whatever subject the request names.
   *
   * @throws dev.weft.platform.error.MeshException CSR_INVALID if it is no request, its signature is
   *     wrong or its key is not an EC P-256 one
   */
  Certified certify(Der signingRequest, String workerId);
}
