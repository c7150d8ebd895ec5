package dev.weft.gateway;

import dev.weft.platform.grpc.MeshService;
import java.util.List;

/** What workers call at the mesh port: certificates, and secrets for the leases that they hold. */
record WorkerServices(List<MeshService> all) {}
