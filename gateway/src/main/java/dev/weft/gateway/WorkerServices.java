package dev.weft.gateway;

import dev.weft.platform.grpc.MeshService;
import java.util.List;

/** What the mesh calls here: certificates, secrets for leases that are held, agents' sessions. */
record WorkerServices(List<MeshService> all) {}
