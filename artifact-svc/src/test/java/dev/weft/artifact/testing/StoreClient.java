package dev.weft.artifact.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.artifact.domain.Digest;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FetchBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactsResponse;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsRequest;
import dev.weft.proto.internal.artifact.v1.RemoveArtifactRequest;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One caller's calls, and what they are answered. */
public final class StoreClient {

  private final Channel channel;
  private final Requester requester;

  public StoreClient(Channel channel, Requester requester) {
    this.channel = channel;
    this.requester = requester;
  }

  public Requester requester() {
    return requester;
  }

  public static StoreClient ofTenant(Channel channel, String tenant) {
    return new StoreClient(channel, Requester.newBuilder().setTenant(tenant).build());
  }

  public StoreServiceGrpc.StoreServiceBlockingStub blocking() {
    return StoreServiceGrpc.newBlockingStub(channel).withDeadlineAfter(200, TimeUnit.SECONDS);
  }

  public StoreServiceGrpc.StoreServiceStub async() {
    return StoreServiceGrpc.newStub(channel).withDeadlineAfter(200, TimeUnit.SECONDS);
  }

  public static UploadHeader.Builder header() {
    return UploadHeader.newBuilder();
  }

  public static ByteString digest(ByteString content) {
    return ByteString.copyFrom(Digest.ofContent(content.toByteArray()).bytes());
  }

  public Artifact put(String name, ByteString content) {
    return put(header().setName(name), content);
  }

  public Artifact put(UploadHeader.Builder header, ByteString... chunks) {
    Answers<StoreArtifactResponse> answers = new Answers<>();
    StreamObserver<StoreArtifactRequest> upload = async().storeArtifact(answers);
    upload.onNext(first(header));
    for (ByteString chunk : chunks) {
      for (int start = 0; start < chunk.size(); start += 1 << 20) {
        upload.onNext(chunk(chunk.substring(start, Math.min(start + (1 << 20), chunk.size()))));
      }
    }
    upload.onCompleted();
    return answers.all().getFirst().getArtifact();
  }

  /** As {@link #put}, but each chunk waits until the one before has gone. */
  public Artifact upload(UploadHeader.Builder header, Iterator<ByteString> chunks) {
    PacedUpload upload = new PacedUpload(first(header), chunks);
    async().storeArtifact(upload);
    return upload.artifact();
  }

  public StoreArtifactRequest first(UploadHeader.Builder header) {
    return StoreArtifactRequest.newBuilder()
        .setRequester(requester)
        .setUpload(UploadArtifactRequest.newBuilder().setHeader(header))
        .build();
  }

  public static StoreArtifactRequest chunk(ByteString bytes) {
    return StoreArtifactRequest.newBuilder()
        .setUpload(UploadArtifactRequest.newBuilder().setChunk(bytes))
        .build();
  }

  public ByteString get(String id) {
    return get(id, 0, 0);
  }

  public ByteString get(String id, long offset, long length) {
    Iterator<FetchArtifactResponse> steps =
        blocking()
            .fetchArtifact(
                FetchArtifactRequest.newBuilder()
                    .setRequester(requester)
                    .setDownload(
                        DownloadArtifactRequest.newBuilder()
                            .setArtifactId(id)
                            .setOffset(offset)
                            .setLength(length))
                    .build());
    assertThat(steps.next().getStep().hasArtifact()).isTrue();
    ByteString content = ByteString.EMPTY;
    while (steps.hasNext()) {
      content = content.concat(steps.next().getStep().getChunk());
    }
    return content;
  }

  public Artifact find(String id) {
    return blocking()
        .findArtifact(
            FindArtifactRequest.newBuilder().setRequester(requester).setArtifactId(id).build())
        .getArtifact();
  }

  public FindArtifactsResponse list(ListArtifactsRequest.Builder query) {
    return blocking()
        .findArtifacts(
            FindArtifactsRequest.newBuilder().setRequester(requester).setQuery(query).build());
  }

  public void remove(String id) {
    blocking()
        .removeArtifact(
            RemoveArtifactRequest.newBuilder().setRequester(requester).setArtifactId(id).build());
  }

  public List<ByteString> missing(List<ByteString> digests) {
    return blocking()
        .findMissingBlobs(
            FindMissingBlobsRequest.newBuilder()
                .setRequester(requester)
                .addAllDigests(digests)
                .build())
        .getDigestsList();
  }

  public List<ByteString> putBlobs(UploadBlobsRequest... steps) {
    Answers<StoreBlobsResponse> answers = new Answers<>();
    StreamObserver<StoreBlobsRequest> upload = async().storeBlobs(answers);
    boolean first = true;
    for (UploadBlobsRequest step : steps) {
      StoreBlobsRequest.Builder request = StoreBlobsRequest.newBuilder().setStep(step);
      upload.onNext((first ? request.setRequester(requester) : request).build());
      first = false;
    }
    upload.onCompleted();
    List<ByteString> stored = new ArrayList<>();
    answers.all().forEach(answer -> stored.addAll(answer.getStoredDigestsList()));
    return stored;
  }

  public static UploadBlobsRequest whole(ByteString... contents) {
    WholeBlobs.Builder whole = WholeBlobs.newBuilder();
    for (ByteString content : contents) {
      whole.addBlobs(WholeBlob.newBuilder().setDigest(digest(content)).setContent(content));
    }
    return UploadBlobsRequest.newBuilder().setWhole(whole).build();
  }

  public Map<ByteString, ByteString> getBlobs(List<ByteString> digests) {
    Map<ByteString, ByteString> found = new LinkedHashMap<>();
    ByteString[] current = new ByteString[1];
    blocking()
        .fetchBlobs(
            FetchBlobsRequest.newBuilder().setRequester(requester).addAllDigests(digests).build())
        .forEachRemaining(
            response -> {
              DownloadBlobsResponse step = response.getStep();
              switch (step.getStepCase()) {
                case HEADER -> {
                  current[0] = step.getHeader().getDigest();
                  found.put(current[0], ByteString.EMPTY);
                }
                case CHUNK -> found.merge(current[0], step.getChunk(), ByteString::concat);
                case WHOLE ->
                    step.getWhole()
                        .getBlobsList()
                        .forEach(blob -> found.put(blob.getDigest(), blob.getContent()));
                case STEP_NOT_SET -> throw new AssertionError("an empty step");
              }
            });
    return found;
  }

  /** The reason for which a call is refused. */
  public static String refused(Callable<?> call) {
    return problem(call).reason();
  }

  public static MeshProblem problem(Callable<?> call) {
    try {
      Object answer = call.call();
      throw new AssertionError("not refused: " + answer);
    } catch (Exception e) {
      return StatusMapper.fromStatus(e);
    }
  }

  /** Collects what a stream answers. */
  public static final class Answers<A> implements StreamObserver<A> {

    private final List<A> answers = new ArrayList<>();
    private final CompletableFuture<List<A>> end = new CompletableFuture<>();

    @Override
    public void onNext(A answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      end.complete(answers);
    }

    public List<A> all() {
      try {
        return end.get(20, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw new AssertionError(e);
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
  }
}
