package dev.weft.cli.local;

/** Which process listens where: offsets of one base, so that several meshes fit on a machine. */
public record PortPlan(int base) {
  static final int MOST_REPLICAS = 10;
  static final int MOST_WORKERS = 20;

  /** First and last offset of all. */
  public static final int FIRST = 60;

  public static final int LAST = 259;

  public int postgres() {
    return base + 60;
  }

  public int redis() {
    return base + 61;
  }

  public int consulHttp() {
    return base + 62;
  }

  int consulServer() {
    return base + 63;
  }

  int consulSerf() {
    return base + 64;
  }

  /** The public REST door. */
  public int gatewayRest(int replica) {
    return base + 80 + replica;
  }

  /** The public gRPC door. */
  public int gatewayGrpc(int replica) {
    return base + 90 + replica;
  }

  int gatewayMesh(int replica) {
    return base + 100 + replica;
  }

  int routerMesh(int replica) {
    return base + 110 + replica;
  }

  int registryMesh(int replica) {
    return base + 120 + replica;
  }

  /** Health and metrics. */
  int routerHttp(int replica) {
    return base + 130 + replica;
  }

  int registryHttp(int replica) {
    return base + 140 + replica;
  }

  /** Ten workers of each kind. */
  int workerHttp(WorkerPlan worker) {
    return base + 230 + worker.port();
  }

  /** The worker door, for the work stream. */
  int doorWork(int replica) {
    return base + 150 + 2 * replica;
  }

  int doorHeartbeat(int replica) {
    return base + 151 + 2 * replica;
  }

  int artifactMesh(int replica) {
    return base + 180 + replica;
  }

  int artifactHttp(int replica) {
    return base + 190 + replica;
  }

  int scalerMesh(int replica) {
    return base + 200 + replica;
  }

  int scalerHttp(int replica) {
    return base + 210 + replica;
  }

  int doorArtifact(int replica) {
    return base + 220 + replica;
  }

  int doorGateway(int replica) {
    return base + 170 + replica;
  }
}
