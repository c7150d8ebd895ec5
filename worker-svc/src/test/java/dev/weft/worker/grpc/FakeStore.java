package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.Reason;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.BlobHeader;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.artifacts.v1.WholeBlob;
import dev.weft.proto.artifacts.v1.WholeBlobs;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FetchBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FetchBlobsResponse;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsResponse;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreBlobsRequest;
import dev.weft.proto.internal.artifact.v1.StoreBlobsResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc.StoreServiceImplBase;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A replica of the artifact service, over files in a directory that replicas share. */
public final class FakeStore extends StoreServiceImplBase {

  /** Reasons that the real one gives. */
  enum StoreReason implements Reason {
    LEASE_NOT_HELD(Code.PERMISSION_DENIED),
    ARTIFACT_NOT_FOUND(Code.NOT_FOUND),
    DIGEST_MISMATCH(Code.INVALID_ARGUMENT),
    TOO_MANY_TRANSFERS(Code.RESOURCE_EXHAUSTED);

    private final Code code;

    StoreReason(Code code) {
      this.code = code;
    }

    @Override
    public Code code() {
      return code;
    }
  }

  private static final int PIECE = 64 * 1024;
  private static final Map<Path, Map<String, Artifact>> ARTIFACTS = new ConcurrentHashMap<>();

  private final Path directory;
  private final Map<String, Artifact> artifacts;
  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** Messages down until the connection breaks; negative for never. */
  final AtomicInteger breaksAfter = new AtomicInteger(-1);

  /** Calls until there is room for one. */
  final AtomicInteger busy = new AtomicInteger();

  volatile boolean leaseHeld = true;
  volatile boolean corrupt;

  public FakeStore(Path directory) {
    this.directory = directory;
    this.artifacts = ARTIFACTS.computeIfAbsent(directory, d -> new ConcurrentHashMap<>());
  }

  public ByteString blob(byte[] content) {
    ByteString digest = ByteString.copyFrom(TreeDownload.sha256().digest(content));
    try {
      Files.write(path(digest), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest;
  }

  public byte[] content(ByteString digest) {
    try {
      return Files.readAllBytes(path(digest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean holds(ByteString digest) {
    return Files.exists(path(digest));
  }

  public String artifact(String name, String mediaType, byte[] content) {
    String id = "art_%026d".formatted(artifacts.size());
    ByteString digest = blob(content);
    artifacts.put(
        id,
        Artifact.newBuilder()
            .setId(id)
            .setName(name)
            .setMediaType(mediaType)
            .setDigest(digest)
            .setSizeBytes(content.length)
            .build());
    return id;
  }

  public Artifact find(String id) {
    return artifacts.getOrDefault(id, Artifact.getDefaultInstance());
  }

  private Path path(ByteString digest) {
    return directory.resolve(java.util.HexFormat.of().formatHex(digest.toByteArray()));
  }

  private boolean refused(Requester requester, StreamObserver<?> observer) {
    if (busy.getAndUpdate(calls -> Math.max(0, calls - 1)) > 0) {
      fail(
          observer,
          new MeshException(StoreReason.TOO_MANY_TRANSFERS, "transfers: as many as may be")
              .retryAfter(Duration.ofMillis(200)));
      return true;
    }
    if (leaseHeld && requester.hasLease()) {
      return false;
    }
    fail(observer, new MeshException(StoreReason.LEASE_NOT_HELD, "lease: not held"));
    return true;
  }

  private static void fail(StreamObserver<?> observer, MeshException e) {
    observer.onError(StatusMapper.toStatus(e));
  }

  /** Whether the connection has broken, as it does when a replica is killed. */
  private boolean broken(StreamObserver<?> observer) {
    if (breaksAfter.get() >= 0 && breaksAfter.getAndDecrement() == 0) {
      fail(observer, new MeshException(CommonReason.UNAVAILABLE, "killed"));
      return true;
    }
    return false;
  }

  @Override
  public void fetchArtifact(
      FetchArtifactRequest request, StreamObserver<FetchArtifactResponse> observer) {
    calls.add("fetchArtifact " + request.getDownload().getOffset());
    if (refused(request.getRequester(), observer)) {
      return;
    }
    Artifact artifact = find(request.getDownload().getArtifactId());
    if (artifact.getId().isEmpty()) {
      fail(observer, new MeshException(StoreReason.ARTIFACT_NOT_FOUND, "artifact: unknown"));
      return;
    }
    byte[] content = content(artifact.getDigest());
    if (!step(observer, DownloadArtifactResponse.newBuilder().setArtifact(artifact))) {
      return;
    }
    for (int from = (int) request.getDownload().getOffset(); from < content.length; from += PIECE) {
      ByteString piece = ByteString.copyFrom(content, from, Math.min(PIECE, content.length - from));
      if (!step(observer, DownloadArtifactResponse.newBuilder().setChunk(piece))) {
        return;
      }
    }
    observer.onCompleted();
  }

  private boolean step(
      StreamObserver<FetchArtifactResponse> observer, DownloadArtifactResponse.Builder step) {
    if (broken(observer)) {
      return false;
    }
    observer.onNext(FetchArtifactResponse.newBuilder().setStep(step).build());
    return true;
  }

  @Override
  public void fetchBlobs(FetchBlobsRequest request, StreamObserver<FetchBlobsResponse> observer) {
    calls.add("fetchBlobs " + request.getDigestsCount());
    if (refused(request.getRequester(), observer)) {
      return;
    }
    for (ByteString digest : request.getDigestsList()) {
      byte[] content = content(digest);
      if (corrupt && content.length > 0) {
        content[0] ^= 1;
      }
      if (!blob(observer, digest, content)) {
        return;
      }
    }
    observer.onCompleted();
  }

  private boolean blob(
      StreamObserver<FetchBlobsResponse> observer, ByteString digest, byte[] content) {
    if (content.length <= PIECE) {
      return step(
          observer,
          DownloadBlobsResponse.newBuilder()
              .setWhole(
                  WholeBlobs.newBuilder()
                      .addBlobs(
                          WholeBlob.newBuilder()
                              .setDigest(digest)
                              .setContent(ByteString.copyFrom(content)))));
    }
    boolean open =
        step(
            observer,
            DownloadBlobsResponse.newBuilder()
                .setHeader(BlobHeader.newBuilder().setDigest(digest).setSizeBytes(content.length)));
    for (int from = 0; open && from < content.length; from += PIECE) {
      open =
          step(
              observer,
              DownloadBlobsResponse.newBuilder()
                  .setChunk(
                      ByteString.copyFrom(content, from, Math.min(PIECE, content.length - from))));
    }
    return open;
  }

  private boolean step(
      StreamObserver<FetchBlobsResponse> observer, DownloadBlobsResponse.Builder step) {
    if (broken(observer)) {
      return false;
    }
    observer.onNext(FetchBlobsResponse.newBuilder().setStep(step).build());
    return true;
  }

  @Override
  public void findMissingBlobs(
      FindMissingBlobsRequest request, StreamObserver<FindMissingBlobsResponse> observer) {
    calls.add("findMissingBlobs " + request.getDigestsCount());
    if (refused(request.getRequester(), observer)) {
      return;
    }
    observer.onNext(
        FindMissingBlobsResponse.newBuilder()
            .addAllDigests(
                request.getDigestsList().stream().filter(digest -> !holds(digest)).toList())
            .build());
    observer.onCompleted();
  }

  @Override
  public StreamObserver<StoreBlobsRequest> storeBlobs(StreamObserver<StoreBlobsResponse> observer) {
    calls.add("storeBlobs");
    return new Receiving(observer);
  }

  private final class Receiving implements StreamObserver<StoreBlobsRequest> {
    private final StreamObserver<StoreBlobsResponse> observer;
    private BlobHeader header = BlobHeader.getDefaultInstance();
    private ByteString content = ByteString.EMPTY;
    private boolean over;

    Receiving(StreamObserver<StoreBlobsResponse> observer) {
      this.observer = observer;
    }

    @Override
    public void onNext(StoreBlobsRequest request) {
      if (over) {
        return;
      }
      over =
          (request.hasRequester() && refused(request.getRequester(), observer)) || broken(observer);
      if (over) {
        return;
      }
      switch (request.getStep().getStepCase()) {
        case WHOLE ->
            request
                .getStep()
                .getWhole()
                .getBlobsList()
                .forEach(blob -> store(blob.getDigest(), blob.getContent()));
        case HEADER -> {
          header = request.getStep().getHeader();
          content = ByteString.EMPTY;
        }
        case CHUNK -> {
          content = content.concat(request.getStep().getChunk());
          if (content.size() == header.getSizeBytes()) {
            store(header.getDigest(), content);
          }
        }
        case STEP_NOT_SET -> {}
      }
    }

    private void store(ByteString digest, ByteString bytes) {
      if (!ByteString.copyFrom(TreeDownload.sha256().digest(bytes.toByteArray())).equals(digest)) {
        over = true;
        fail(observer, new MeshException(StoreReason.DIGEST_MISMATCH, "digest: wrong"));
        return;
      }
      blob(bytes.toByteArray());
      observer.onNext(StoreBlobsResponse.newBuilder().addStoredDigests(digest).build());
    }

    @Override
    public void onError(Throwable cause) {
      over = true;
    }

    @Override
    public void onCompleted() {
      if (!over) {
        observer.onCompleted();
      }
    }
  }

  @Override
  public StreamObserver<StoreArtifactRequest> storeArtifact(
      StreamObserver<StoreArtifactResponse> observer) {
    calls.add("storeArtifact");
    return new StreamObserver<>() {
      private UploadHeader header = UploadHeader.getDefaultInstance();
      private ByteString content = ByteString.EMPTY;

      @Override
      public void onNext(StoreArtifactRequest request) {
        if (request.getUpload().hasHeader()) {
          header = request.getUpload().getHeader();
        } else {
          content = content.concat(request.getUpload().getChunk());
        }
      }

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {
        String id = artifact(header.getName(), header.getMediaType(), content.toByteArray());
        observer.onNext(StoreArtifactResponse.newBuilder().setArtifact(find(id)).build());
        observer.onCompleted();
      }
    };
  }
}
