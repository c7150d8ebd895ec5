package dev.weft.gateway.grpc;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.gateway.testing.SharedGateway;
import dev.weft.gateway.testing.StoreState;
import dev.weft.gateway.testing.StoredContent;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.testing.ErrorConformance;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import dev.weft.proto.artifacts.v1.DeleteArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadBlobsRequest;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListMissingBlobsRequest;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsResponse;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.tasks.v1.TaskState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ArtifactService and PoolService at the public gRPC port of a real gateway. */
class ArtifactGrpcIT {

  private static final ErrorConformance CONFORMANCE = new ErrorConformance();
  private static final StoreState STORE = neighbourhood().store;
  private static ManagedChannel channel;

  @BeforeAll
  static void connect() {
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
            .usePlaintext()
            .intercept(CONFORMANCE)
            .build();
  }

  @AfterAll
  static void disconnect() {
    channel.shutdownNow();
  }

  @AfterEach
  void everyFailedAnswerHadItsDetails() {
    SharedGateway.forgiveFailures();
    CONFORMANCE.verify();
    await().atMost(Duration.ofSeconds(10)).until(() -> STORE.openUploads.get() == 0);
  }

  @Test
  void anArtifactGoesUpAndComesDown() throws Exception {
    ByteString bytes = StoredContent.endless(3_000_000).read(0, 1 << 20);
    UploadHeader header =
        UploadHeader.newBuilder()
            .setName("up")
            .setDigest(StoredContent.digestOf(bytes))
            .setSizeBytes(bytes.size())
            .build();

    Artifact artifact = upload(header, List.of(bytes)).get(10, TimeUnit.SECONDS).getArtifact();

    assertThat(artifact.getSizeBytes()).isEqualTo(bytes.size());
    assertThat(download(artifact.getId(), 0, 0)).isEqualTo(bytes);
    assertThat(download("up", 1000, 77)).isEqualTo(bytes.substring(1000, 1077));
    assertThat(
            artifacts()
                .listArtifacts(ListArtifactsRequest.newBuilder().setName("up").build())
                .getArtifactsList())
        .contains(artifact);
    artifacts()
        .deleteArtifact(DeleteArtifactRequest.newBuilder().setArtifactId(artifact.getId()).build());
    assertThat(
            reason(
                () ->
                    artifacts()
                        .getArtifact(
                            GetArtifactRequest.newBuilder()
                                .setArtifactId(artifact.getId())
                                .build())))
        .isEqualTo("ARTIFACT_NOT_FOUND");
  }

  @Test
  void aDownloadGoesOnAtAnotherReplica() {
    ByteString bytes = ByteString.copyFrom(new byte[2_000_000]);
    StoredContent content = StoredContent.endless(8_000_000);
    Artifact artifact = STORE.keep("acme", UploadHeader.getDefaultInstance(), content);
    assertThat(bytes.size()).isLessThan((int) content.size());
    int before = STORE.downloads.get();
    STORE.breakDownloadAfter.set(2_000_000);

    ByteString come = download(artifact.getId(), 1_000_001, 0);

    assertThat(come.size()).isEqualTo(6_999_999);
    assertThat(StoredContent.digestOf(come))
        .isEqualTo(StoredContent.digestOf(whole(content).substring(1_000_001)));
    assertThat(STORE.downloads.get() - before).isEqualTo(2);
  }

  @Test
  void anOffsetBeyondTheEndIsAnAnswer() {
    Artifact artifact =
        STORE.keep("acme", UploadHeader.getDefaultInstance(), StoredContent.endless(10));

    assertThat(reason(() -> download(artifact.getId(), 11, 0))).isEqualTo("OUT_OF_RANGE");
    assertThat(download(artifact.getId(), 10, 0)).isEqualTo(ByteString.EMPTY);
    assertThat(reason(() -> download(artifact.getId(), -1, 0))).isEqualTo("INVALID_FIELD");
    assertThat(reason(() -> download("", 0, 0))).isEqualTo("INVALID_FIELD");
  }

  @Test
  void aBrokenUploadIsAClearAnswerAndLeavesNothing() throws Exception {
    int before = STORE.list("acme").size();
    STORE.breakUploadAfter.set(1);

    CompletableFuture<UploadArtifactResponse> answer =
        upload(
            UploadHeader.getDefaultInstance(),
            List.of(ByteString.copyFrom(new byte[1000]), ByteString.copyFrom(new byte[1000])));

    assertThat(reason(() -> answer.join())).isEqualTo("UPLOAD_INTERRUPTED");
    assertThat(STORE.list("acme")).hasSize(before);
  }

  @Test
  void whatIsNoUploadIsRefused() {
    assertThat(
            reason(
                () ->
                    upload(
                            UploadHeader.newBuilder()
                                .setDigest(ByteString.copyFromUtf8("short"))
                                .build(),
                            List.of())
                        .join()))
        .isEqualTo("INVALID_FIELD");
    assertThat(
            reason(
                () ->
                    upload(
                            UploadHeader.newBuilder().setSizeBytes(Long.MAX_VALUE).build(),
                            List.of())
                        .join()))
        .isEqualTo("ARTIFACT_TOO_LARGE");
    assertThat(
            reason(
                () ->
                    upload(
                            UploadHeader.getDefaultInstance(),
                            List.of(ByteString.copyFrom(new byte[(1 << 20) + 1])))
                        .join()))
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void whatIsHeldNeedNotBeSent() {
    assertThat(
            reason(
                () ->
                    upload(
                            UploadHeader.newBuilder()
                                .setIfHeld(true)
                                .setDigest(StoredContent.digestOf(ByteString.EMPTY))
                                .build(),
                            List.of())
                        .join()))
        .isEqualTo("BLOB_NOT_HELD");
  }

  @Test
  void manySmallBlobsGoUpTogetherAndComeDownInOrder() throws Exception {
    List<WholeBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      ByteString content = ByteString.copyFromUtf8("blob " + i);
      blobs.add(
          WholeBlob.newBuilder()
              .setDigest(StoredContent.digestOf(content))
              .setContent(content)
              .build());
    }

    List<ByteString> stored = uploadBlobs(blobs);

    List<ByteString> digests = blobs.stream().map(WholeBlob::getDigest).toList();
    assertThat(stored).containsExactlyElementsOf(digests);
    assertThat(
            artifacts()
                .listMissingBlobs(
                    ListMissingBlobsRequest.newBuilder().addAllDigests(digests).build())
                .getDigestsList())
        .isEmpty();
    assertThat(downloadBlobs(digests))
        .containsExactlyElementsOf(blobs.stream().map(WholeBlob::getContent).toList());
  }

  @Test
  void aBlobThatIsNotWhatItSaysEndsTheStream() {
    WholeBlob wrong =
        WholeBlob.newBuilder()
            .setDigest(StoredContent.digestOf(ByteString.EMPTY))
            .setContent(ByteString.copyFromUtf8("x"))
            .build();

    assertThat(reason(() -> uploadBlobs(List.of(wrong)))).isEqualTo("DIGEST_MISMATCH");
  }

  @Test
  void blobsGoOnAtAnotherReplicaWithoutABitTwice() {
    List<ByteString> contents = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      contents.add(ByteString.copyFromUtf8(("blob " + i + " ").repeat(i % 4 == 0 ? 3 : 900)));
    }
    contents.forEach(one -> STORE.blobs("acme").put(StoredContent.digestOf(one), one));
    List<ByteString> digests = contents.stream().map(StoredContent::digestOf).toList();

    for (int breakAfter : new int[] {1, 1_500, 40_000, 101_234}) {
      STORE.breakDownloadAfter.set(breakAfter);
      assertThat(downloadBlobs(digests)).as("break at " + breakAfter).isEqualTo(contents);
    }
    assertThat(
            reason(
                () ->
                    downloadBlobs(
                        List.of(StoredContent.digestOf(ByteString.copyFromUtf8("nobody's"))))))
        .isEqualTo("BLOB_NOT_HELD");
  }

  @Test
  void aTasksOutputIsReadOverAReplicasDeath() {
    String id =
        request()
            .contentType("application/json")
            .body("{\"spec\":{\"noop\":{}}}")
            .post("/v1/tasks")
            .path("task.id");
    neighbourhood().placer.emit(id, TaskState.TASK_STATE_RUNNING, 1);
    neighbourhood().outputs.open("acme", id, 1);
    for (int i = 1; i <= 200; i++) {
      neighbourhood().outputs.write(id, 1, "line " + i);
    }
    neighbourhood().outputs.close(id, 1);
    neighbourhood().placer.emit(id, TaskState.TASK_STATE_SUCCEEDED);
    neighbourhood().outputs.breakAfter.set(77);

    List<ReadOutputResponse> steps = new ArrayList<>();
    artifacts()
        .readOutput(ReadOutputRequest.newBuilder().setTaskId(id).setFollow(true).build())
        .forEachRemaining(steps::add);

    assertThat(steps).hasSize(200);
    assertThat(steps.getLast().getCursor()).isEqualTo("1.200");
    assertThat(steps)
        .extracting(step -> step.getChunk().getNumber())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(
            reason(
                () ->
                    artifacts()
                        .readOutput(
                            ReadOutputRequest.newBuilder()
                                .setTaskId(id)
                                .setAfterCursor("no")
                                .build())
                        .next()))
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void everyMethodHasItsScopeAndItsTenant() {
    Artifact artifact =
        STORE.keep("acme", UploadHeader.getDefaultInstance(), StoredContent.endless(10));
    GetArtifactRequest get =
        GetArtifactRequest.newBuilder().setArtifactId(artifact.getId()).build();
    String writer = Tenants.token("artifacts.write");
    String reader = Tenants.token("artifacts.read", "tasks.write", "workers.read");
    var forWriter = with(ArtifactServiceGrpc.newBlockingStub(channel), writer);
    var forReader = with(ArtifactServiceGrpc.newBlockingStub(channel), reader);
    var forStranger = with(ArtifactServiceGrpc.newBlockingStub(channel), Tenants.stranger());

    assertThat(forReader.getArtifact(get).getArtifact()).isEqualTo(artifact);
    for (ThrowingCallable forbidden :
        List.<ThrowingCallable>of(
            () -> forWriter.getArtifact(get),
            () -> forWriter.listArtifacts(ListArtifactsRequest.getDefaultInstance()),
            () -> forReader.deleteArtifact(DeleteArtifactRequest.getDefaultInstance()),
            () -> forReader.listMissingBlobs(ListMissingBlobsRequest.getDefaultInstance()),
            () -> forReader.readOutput(ReadOutputRequest.getDefaultInstance()).next(),
            () -> forWriter.downloadBlobs(DownloadBlobsRequest.getDefaultInstance()).next(),
            () ->
                with(PoolServiceGrpc.newBlockingStub(channel), reader)
                    .resizePool(ResizePoolRequest.getDefaultInstance()))) {
      assertThat(reason(forbidden)).isEqualTo("SCOPE_MISSING");
    }
    assertThat(reason(() -> forStranger.getArtifact(get))).isEqualTo("ARTIFACT_NOT_FOUND");
    assertThat(
            with(PoolServiceGrpc.newBlockingStub(channel), reader)
                .listPools(ListPoolsRequest.getDefaultInstance())
                .getPoolsCount())
        .isEqualTo(1);
  }

  private static ByteString whole(StoredContent content) {
    ByteString all = ByteString.EMPTY;
    while (all.size() < content.size()) {
      all = all.concat(content.read(all.size(), 1 << 20));
    }
    return all;
  }

  private static CompletableFuture<UploadArtifactResponse> upload(
      UploadHeader header, List<ByteString> chunks) {
    CompletableFuture<UploadArtifactResponse> answer = new CompletableFuture<>();
    StreamObserver<UploadArtifactRequest> up =
        with(ArtifactServiceGrpc.newStub(channel), neighbourhood().files.bearer)
            .uploadArtifact(new One<>(answer));
    up.onNext(UploadArtifactRequest.newBuilder().setHeader(header).build());
    chunks.forEach(chunk -> up.onNext(UploadArtifactRequest.newBuilder().setChunk(chunk).build()));
    up.onCompleted();
    return answer.orTimeout(15, TimeUnit.SECONDS);
  }

  private static List<ByteString> uploadBlobs(List<WholeBlob> blobs) {
    List<ByteString> stored = new ArrayList<>();
    CompletableFuture<UploadBlobsResponse> end = new CompletableFuture<>();
    StreamObserver<UploadBlobsRequest> up =
        with(ArtifactServiceGrpc.newStub(channel), neighbourhood().files.bearer)
            .uploadBlobs(
                new One<>(end) {
                  @Override
                  public void onNext(UploadBlobsResponse response) {
                    stored.addAll(response.getStoredDigestsList());
                  }
                });
    for (WholeBlob blob : blobs) {
      up.onNext(
          UploadBlobsRequest.newBuilder().setWhole(WholeBlobs.newBuilder().addBlobs(blob)).build());
    }
    up.onCompleted();
    end.orTimeout(15, TimeUnit.SECONDS).join();
    return stored;
  }

  private static ByteString download(String id, long offset, long length) {
    Iterator<DownloadArtifactResponse> steps =
        artifacts()
            .downloadArtifact(
                DownloadArtifactRequest.newBuilder()
                    .setArtifactId(id)
                    .setOffset(offset)
                    .setLength(length)
                    .build());
    assertThat(steps.next().hasArtifact()).isTrue();
    List<ByteString> chunks = new ArrayList<>();
    steps.forEachRemaining(step -> chunks.add(step.getChunk()));
    return ByteString.copyFrom(chunks);
  }

  private static List<ByteString> downloadBlobs(List<ByteString> digests) {
    Iterator<DownloadBlobsResponse> steps =
        artifacts().downloadBlobs(DownloadBlobsRequest.newBuilder().addAllDigests(digests).build());
    List<ByteString> contents = new ArrayList<>();
    while (steps.hasNext()) {
      DownloadBlobsResponse step = steps.next();
      switch (step.getStepCase()) {
        case HEADER -> contents.add(ByteString.EMPTY);
        case CHUNK -> contents.addLast(contents.removeLast().concat(step.getChunk()));
        case WHOLE ->
            step.getWhole().getBlobsList().forEach(blob -> contents.add(blob.getContent()));
        case STEP_NOT_SET -> throw new AssertionError("an empty step");
      }
    }
    return contents;
  }

  private static ArtifactServiceGrpc.ArtifactServiceBlockingStub artifacts() {
    return with(
        ArtifactServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS),
        neighbourhood().files.bearer);
  }

  private static <S extends AbstractStub<S>> S with(S stub, String secret) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + secret);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static String reason(ThrowingCallable call) {
    Throwable failure = catchThrowableOfType(Exception.class, call);
    assertThat(failure).as("refused").isNotNull();
    Throwable cause = failure instanceof StatusRuntimeException ? failure : failure.getCause();
    return StatusMapper.fromStatus(cause).reason();
  }

  /** Waits for the end, or the one answer. */
  private static class One<A> implements StreamObserver<A> {

    private final CompletableFuture<A> answer;
    private A last;

    One(CompletableFuture<A> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(A value) {
      last = value;
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      answer.complete(last);
    }
  }
}
