package dev.weft.artifact.grpc.output;

import dev.weft.artifact.app.output.OutputLogs;
import dev.weft.artifact.app.output.TailQuery;
import dev.weft.artifact.app.output.Tails;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.MeshReason;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc.OutputServiceImplBase;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import dev.weft.proto.internal.artifact.v1.TailOutputResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** The doors of output logs: workers write, gateways and other replicas read. */
public final class OutputGrpcService extends OutputServiceImplBase {

  private static final String WORKER = "worker";
  private static final String GATEWAY = "gateway";
  private static final String REPLICA = "artifact";

  private final OutputLogs logs;
  private final Tails tails;
  private final int window;

  /**
   * @param window most bytes that a worker may send and not have acked
   */
  public OutputGrpcService(OutputLogs logs, Tails tails, int window) {
    this.logs = logs;
    this.tails = tails;
    this.window = window;
  }

  /** Roles that may call at all; each method looks closer. */
  public static String[] roles() {
    return new String[] {WORKER, GATEWAY, REPLICA};
  }

  @Override
  public StreamObserver<AppendOutputRequest> appendOutput(
      StreamObserver<AppendOutputResponse> responses) {
    Peer peer = require("AppendOutput", WORKER);
    return new AppendStream(
        logs, peer, window, (ServerCallStreamObserver<AppendOutputResponse>) responses);
  }

  @Override
  public void tailOutput(TailOutputRequest request, StreamObserver<TailOutputResponse> responses) {
    Peer peer = require("TailOutput", GATEWAY, REPLICA);
    TailStream stream =
        new TailStream(
            (ServerCallStreamObserver<TailOutputResponse>) responses, request.getAttempt());
    stream.begin(tails.open(query(request, peer), stream));
  }

  private static TailQuery query(TailOutputRequest request, Peer peer) {
    if (request.getAfterNumber() < 0 || request.getAfterNumber() > OutputProto.MOST_NUMBER) {
      throw MeshException.invalidField("after_number", request.getAfterNumber(), "0…2^60");
    }
    if (request.getTenant().isEmpty()) {
      throw MeshException.invalidField("tenant", "", "not empty");
    }
    // Only another replica relays; from a gateway the field has no meaning.
    boolean relayed = request.getRelayed() && peer.role().equals(REPLICA);
    LogKey key = new LogKey(request.getTenant(), request.getTaskId(), request.getAttempt());
    int mostBytes = request.getMostBytes();
    if (mostBytes < 0) {
      throw MeshException.invalidField(
          "most_bytes", Integer.toUnsignedString(mostBytes), "0…2^31-1");
    }
    return new TailQuery(key, request.getAfterNumber(), request.getFollow(), relayed, mostBytes);
  }

  private static Peer require(String method, String... roles) {
    Peer peer = Peer.current();
    if (!List.of(roles).contains(peer.role())) {
      throw new MeshException(MeshReason.ROLE_NOT_ALLOWED, method + ": not for role " + peer.role())
          .with("role", peer.role())
          .with("service", method);
    }
    return peer;
  }
}
