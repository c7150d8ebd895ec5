package dev.weft.worker.grpc;

import com.google.common.collect.Lists;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.internal.artifact.v1.FetchArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FetchBlobsRequest;
import dev.weft.proto.internal.artifact.v1.FindArtifactRequest;
import dev.weft.proto.internal.artifact.v1.FindMissingBlobsRequest;
import dev.weft.proto.internal.artifact.v1.Requester;
import dev.weft.proto.internal.artifact.v1.StoreArtifactRequest;
import dev.weft.proto.internal.artifact.v1.StoreArtifactResponse;
import dev.weft.proto.internal.artifact.v1.StoreServiceGrpc;
import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.Tree;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The artifact service's replicas, as a worker uses them for the leases that it holds. */
final class GrpcArtifactStore implements ArtifactStore {

  /** A tree of 250,000 entries has some 25 MB, and takes about twice that of the heap. */
  private static final int MOST_TREE_BYTES = 64 << 20;

  private static final int HEAP_PARTS = 5;

  private static final int MOST_DIGESTS = 10_000;
  private static final int PIECE = 1 << 20;

  /** What may wait in the transport; less would leave the line idle between two messages. */
  private static final int AHEAD_BYTES = 1 << 20;

  private final ReplicaCalls calls;

  GrpcArtifactStore(ReplicaCalls calls) {
    this.calls = calls;
  }

  /** What does not fit must not end the worker, and with it what else runs there. */
  private static int mostTreeBytes() {
    return (int) Math.min(MOST_TREE_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS);
  }

  private static Requester requester(Errand errand) {
    return Requester.newBuilder().setLease(WorkProtoMapper.key(errand.lease())).build();
  }

  /** For calls that touch no file of this worker. */
  private <T> T remote(Errand errand, ReplicaCalls.Try<T> attempt)
      throws CarryException, HaltedException, InterruptedException {
    try {
      return calls.call(errand, attempt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public StoredArtifact find(Errand errand, String artifactId)
      throws CarryException, HaltedException, InterruptedException {
    FindArtifactRequest request =
        FindArtifactRequest.newBuilder()
            .setRequester(requester(errand))
            .setArtifactId(artifactId)
            .build();
    return remote(
        errand,
        (channel, progress) ->
            found(
                StoreServiceGrpc.newBlockingV2Stub(channel)
                    .withDeadlineAfter(BoundedStream.SILENCE_SECONDS, TimeUnit.SECONDS)
                    .findArtifact(request)
                    .getArtifact()));
  }

  private static StoredArtifact found(Artifact found) throws InvalidProtocolBufferException {
    return new StoredArtifact(
        found.getId(),
        found.getName(),
        found.getMediaType().equals(Tree.MEDIA_TYPE),
        TreeProtoMapper.digest(found.getDigest()),
        found.getSizeBytes());
  }

  @Override
  public Tree tree(Errand errand, String artifactId, long mostBytes)
      throws CarryException, HaltedException, InterruptedException {
    TreeDownload download =
        new TreeDownload(artifactId, (int) Math.min(mostBytes, mostTreeBytes()));
    remote(
        errand,
        (channel, progress) -> {
          FetchArtifactRequest request =
              FetchArtifactRequest.newBuilder()
                  .setRequester(requester(errand))
                  .setDownload(
                      DownloadArtifactRequest.newBuilder()
                          .setArtifactId(artifactId)
                          .setOffset(download.size()))
                  .build();
          try (var stream =
              new BoundedStream<>(
                  StoreServiceGrpc.newBlockingV2Stub(channel).fetchArtifact(request),
                  errand.halt())) {
            stream.each(step -> download.take(step.getStep()), progress);
          }
          return download;
        });
    return download.tree();
  }

  @Override
  public void fetch(Errand errand, List<Digest> digests, BlobSink sink)
      throws CarryException, HaltedException, IOException, InterruptedException {
    BlobDownload download = new BlobDownload(digests, sink);
    while (!download.complete()) {
      calls.call(
          errand,
          (channel, progress) -> {
            FetchBlobsRequest.Builder request =
                FetchBlobsRequest.newBuilder().setRequester(requester(errand));
            for (Digest digest : download.rest(MOST_DIGESTS)) {
              request.addDigests(TreeProtoMapper.digest(digest));
            }
            try (var stream =
                new BoundedStream<>(
                    StoreServiceGrpc.newBlockingV2Stub(channel).fetchBlobs(request.build()),
                    errand.halt())) {
              stream.each(step -> download.take(step.getStep()), progress);
            }
            return download;
          });
    }
  }

  @Override
  public Set<Digest> missing(Errand errand, Collection<Digest> digests)
      throws CarryException, HaltedException, InterruptedException {
    Set<Digest> missing = new HashSet<>();
    for (List<Digest> part : Lists.partition(new ArrayList<>(digests), MOST_DIGESTS)) {
      FindMissingBlobsRequest.Builder request =
          FindMissingBlobsRequest.newBuilder().setRequester(requester(errand));
      part.forEach(digest -> request.addDigests(TreeProtoMapper.digest(digest)));
      remote(
          errand,
          (channel, progress) -> {
            var response =
                StoreServiceGrpc.newBlockingV2Stub(channel)
                    .withDeadlineAfter(BoundedStream.SILENCE_SECONDS, TimeUnit.SECONDS)
                    .findMissingBlobs(request.build());
            for (ByteString digest : response.getDigestsList()) {
              missing.add(TreeProtoMapper.digest(digest));
            }
            return missing;
          });
    }
    return missing;
  }

  @Override
  public void store(Errand errand, List<Parcel> parcels)
      throws CarryException, HaltedException, IOException, InterruptedException {
    BlobUpload upload = new BlobUpload(requester(errand), parcels);
    calls.call(
        errand,
        (channel, progress) -> {
          try (var stream =
              new BoundedStream<>(
                  StoreServiceGrpc.newBlockingV2Stub(channel)
                      .withOnReadyThreshold(AHEAD_BYTES)
                      .storeBlobs(),
                  errand.halt())) {
            if (!upload.send(stream.call(), BoundedStream.SILENCE_SECONDS, progress)) {
              throw unfinished("blobs");
            }
          }
          return upload;
        });
  }

  @Override
  public StoredTree storeTree(Errand errand, String name, Tree tree, Duration lifetime)
      throws CarryException, HaltedException, InterruptedException {
    ByteString bytes = TreeProtoMapper.bytes(tree);
    Digest digest = Digest.of(TreeDownload.sha256().digest(bytes.toByteArray()));
    UploadHeader header =
        UploadHeader.newBuilder()
            .setName(name)
            .setMediaType(Tree.MEDIA_TYPE)
            .setLifetime(Durations.toProto(lifetime))
            .setDigest(TreeProtoMapper.digest(digest))
            .setSizeBytes(bytes.size())
            .build();
    String id =
        remote(errand, (channel, progress) -> upload(channel, errand, header, bytes, progress));
    return new StoredTree(id, digest);
  }

  @Override
  public String storeFile(Errand errand, String name, Digest digest, long size, Duration lifetime)
      throws CarryException, HaltedException, InterruptedException {
    UploadHeader header =
        UploadHeader.newBuilder()
            .setName(name)
            .setMediaType("application/octet-stream")
            .setLifetime(Durations.toProto(lifetime))
            .setDigest(TreeProtoMapper.digest(digest))
            .setSizeBytes(size)
            .setIfHeld(true)
            .build();
    return remote(
        errand, (channel, progress) -> upload(channel, errand, header, ByteString.EMPTY, progress));
  }

  private static String upload(
      Channel channel, Errand errand, UploadHeader header, ByteString bytes, Runnable progress)
      throws StatusException, TimeoutException, InterruptedException {
    try (var stream =
        new BoundedStream<>(
            StoreServiceGrpc.newBlockingV2Stub(channel)
                .withOnReadyThreshold(AHEAD_BYTES)
                .storeArtifact(),
            errand.halt())) {
      BlockingClientCall<StoreArtifactRequest, StoreArtifactResponse> call = stream.call();
      boolean open =
          write(
              call,
              StoreArtifactRequest.newBuilder()
                  .setRequester(requester(errand))
                  .setUpload(UploadArtifactRequest.newBuilder().setHeader(header)));
      for (int from = 0; open && from < bytes.size(); from += PIECE) {
        ByteString piece = bytes.substring(from, Math.min(bytes.size(), from + PIECE));
        open =
            write(
                call,
                StoreArtifactRequest.newBuilder()
                    .setUpload(UploadArtifactRequest.newBuilder().setChunk(piece)));
        progress.run();
      }
      call.halfClose();
      StoreArtifactResponse answer = call.read(BoundedStream.SILENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw unfinished("tree");
      }
      return answer.getArtifact().getId();
    }
  }

  private static boolean write(
      BlockingClientCall<StoreArtifactRequest, StoreArtifactResponse> call,
      StoreArtifactRequest.Builder step)
      throws StatusException, TimeoutException, InterruptedException {
    return call.write(step.build(), BoundedStream.SILENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** It said that all is well and did not name everything: it is asked again. */
  private static StatusException unfinished(String what) {
    return Status.UNAVAILABLE.withDescription(what + ": not all were stored").asException();
  }
}
