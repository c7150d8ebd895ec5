package dev.weft.bench;

import com.google.protobuf.ByteString;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import dev.weft.proto.tasks.v1.TaskServiceGrpc.TaskServiceStub;
import dev.weft.proto.tasks.v1.TaskSpec;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.Random;

/** A client of the mesh's public gRPC door, with the mesh's token: one connection. */
final class TaskClient implements AutoCloseable {

  static final int PAYLOAD_BYTES = 1024;
  private static final long SEED = 1;

  private final ManagedChannel channel;
  private final ClientInterceptor token;

  private TaskClient(ManagedChannel channel, ClientInterceptor token) {
    this.channel = channel;
    this.token = token;
  }

  static TaskClient open(Mesh mesh) {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + mesh.token());
    // What a reply starts is another call and never waits, so it may run on the connection's
    // thread.
    return new TaskClient(
        ManagedChannelBuilder.forTarget(mesh.grpc()).usePlaintext().directExecutor().build(),
        MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  TaskServiceStub stub() {
    return TaskServiceGrpc.newStub(channel).withInterceptors(token);
  }

  TaskServiceBlockingStub blocking() {
    return TaskServiceGrpc.newBlockingStub(channel).withInterceptors(token);
  }

  /** A task that does nothing and carries 1 KB that can't be compressed. */
  static TaskSpec.Builder noop() {
    byte[] payload = new byte[PAYLOAD_BYTES];
    new Random(SEED).nextBytes(payload);
    return TaskSpec.newBuilder()
        .setNoop(NoopExecutor.newBuilder().setPayload(ByteString.copyFrom(payload)));
  }

  static SubmitTaskRequest request(TaskSpec.Builder spec) {
    return SubmitTaskRequest.newBuilder().setSpec(spec).build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
