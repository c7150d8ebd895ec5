package dev.weft.cli;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import dev.weft.proto.artifacts.v1.DeleteArtifactRequest;
import dev.weft.proto.artifacts.v1.DeleteArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadArtifactRequest;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.artifacts.v1.DownloadBlobsRequest;
import dev.weft.proto.artifacts.v1.DownloadBlobsResponse;
import dev.weft.proto.artifacts.v1.GetArtifactRequest;
import dev.weft.proto.artifacts.v1.GetArtifactResponse;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.ListArtifactsResponse;
import dev.weft.proto.artifacts.v1.ListMissingBlobsRequest;
import dev.weft.proto.artifacts.v1.ListMissingBlobsResponse;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsResponse;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.artifacts.v1.WholeBlob;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The other side of weft.artifacts.v1 over a real connection and real files: verifies what it is
 * sent, refuses as the contract says, and breaks connections when told to.
 */
public final class FakeArtifacts extends ArtifactServiceGrpc.ArtifactServiceImplBase
    implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final FakeBlobs blobs;
  private final FakeOutput output = new FakeOutput();
  private final Server server;
  private final FakeTable table;
  private final Breaks breaks = new Breaks();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> traceparents = new CopyOnWriteArrayList<>();
  private final List<Long> offsets = new CopyOnWriteArrayList<>();
  private volatile Runnable onUpload = () -> {};

  public FakeArtifacts(Path folder) {
    blobs = new FakeBlobs(folder);
    table = new FakeTable(blobs);
    try {
      Files.createDirectories(folder);
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .intercept(new FakeDoor(calls, traceparents))
              .addService(this)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** So many of the next streams break off after so many of their messages. */
  public void breakStreams(int times, int afterMessages) {
    breaks.next(times, afterMessages);
  }

  /** Happens while blobs are sent. */
  public void onUpload(Runnable action) {
    onUpload = action;
  }

  /** Names of the calls so far. */
  public List<String> calls() {
    return calls;
  }

  public List<String> traceparents() {
    return traceparents;
  }

  /** Where downloads began. */
  public List<Long> offsets() {
    return offsets;
  }

  /** What its tasks wrote. */
  public FakeOutput output() {
    return output;
  }

  public List<String> blobs() {
    return blobs.names();
  }

  /** Keeps bytes as an artifact. */
  public Artifact keep(String mediaType, ByteString content) {
    return table.keep(UploadHeader.newBuilder().setMediaType(mediaType).build(), store(content));
  }

  public ByteString store(ByteString content) {
    ByteString digest = FakeBlobs.digest(content);
    blobs.write(digest, content);
    return digest;
  }

  public Tree tree(String artifactId) {
    try {
      return Tree.parseFrom(blobs.read(table.find(artifactId).getDigest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Artifact artifact(String id) {
    return table.find(id);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  @Override
  public StreamObserver<UploadArtifactRequest> uploadArtifact(
      StreamObserver<UploadArtifactResponse> answers) {
    return new BreakableStream<>(answers, breaks) {
      private UploadHeader header = UploadHeader.getDefaultInstance();
      private ByteString content = ByteString.EMPTY;

      @Override
      void take(UploadArtifactRequest step) {
        if (step.hasHeader()) {
          header = step.getHeader();
        } else {
          content = content.concat(step.getChunk());
        }
      }

      @Override
      void end() {
        ByteString digest = header.getIfHeld() ? header.getDigest() : FakeBlobs.digest(content);
        if (header.getIfHeld() && !blobs.holds(digest)) {
          throw FakeTable.refusal(Status.Code.FAILED_PRECONDITION, "BLOB_NOT_HELD");
        }
        if (!header.getDigest().isEmpty() && !header.getDigest().equals(digest)) {
          throw FakeTable.refusal(Status.Code.INVALID_ARGUMENT, "DIGEST_MISMATCH");
        }
        if (!header.getIfHeld()) {
          blobs.write(digest, content);
        }
        table.requireComplete(header, digest);
        answers.onNext(
            UploadArtifactResponse.newBuilder().setArtifact(table.keep(header, digest)).build());
      }
    };
  }

  @Override
  public void downloadArtifact(
      DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> answers) {
    Artifact artifact = table.find(request.getArtifactId());
    offsets.add(request.getOffset());
    ByteString content = blobs.read(artifact.getDigest());
    answers.onNext(DownloadArtifactResponse.newBuilder().setArtifact(artifact).build());
    Breaks.Stream stream = breaks.open();
    for (int at = (int) request.getOffset(); at < content.size(); at += CHUNK) {
      if (stream.breaks()) {
        answers.onError(Status.UNAVAILABLE.asRuntimeException());
        return;
      }
      answers.onNext(
          DownloadArtifactResponse.newBuilder()
              .setChunk(content.substring(at, Math.min(content.size(), at + CHUNK)))
              .build());
    }
    answers.onCompleted();
  }

  @Override
  public void getArtifact(GetArtifactRequest request, StreamObserver<GetArtifactResponse> answers) {
    try {
      answers.onNext(
          GetArtifactResponse.newBuilder()
              .setArtifact(table.find(request.getArtifactId()))
              .build());
      answers.onCompleted();
    } catch (StatusRuntimeException e) {
      answers.onError(e);
    }
  }

  @Override
  public void listArtifacts(
      ListArtifactsRequest request, StreamObserver<ListArtifactsResponse> answers) {
    answers.onNext(table.page(request));
    answers.onCompleted();
  }

  @Override
  public void deleteArtifact(
      DeleteArtifactRequest request, StreamObserver<DeleteArtifactResponse> answers) {
    table.remove(request.getArtifactId());
    answers.onNext(DeleteArtifactResponse.getDefaultInstance());
    answers.onCompleted();
  }

  @Override
  public void listMissingBlobs(
      ListMissingBlobsRequest request, StreamObserver<ListMissingBlobsResponse> answers) {
    answers.onNext(
        ListMissingBlobsResponse.newBuilder()
            .addAllDigests(
                request.getDigestsList().stream().filter(digest -> !blobs.holds(digest)).toList())
            .build());
    answers.onCompleted();
  }

  @Override
  public StreamObserver<UploadBlobsRequest> uploadBlobs(
      StreamObserver<UploadBlobsResponse> answers) {
    onUpload.run();
    return new BreakableStream<>(answers, breaks) {
      private ByteString digest = ByteString.EMPTY;
      private ByteString content = ByteString.EMPTY;
      private long size;

      @Override
      void take(UploadBlobsRequest step) {
        switch (step.getStepCase()) {
          case HEADER -> {
            digest = step.getHeader().getDigest();
            size = step.getHeader().getSizeBytes();
            content = ByteString.EMPTY;
          }
          case CHUNK -> {
            content = content.concat(step.getChunk());
            if (content.size() == size) {
              accept(digest, content);
            }
          }
          case WHOLE -> {
            for (WholeBlob blob : step.getWhole().getBlobsList()) {
              accept(blob.getDigest(), blob.getContent());
            }
          }
          case STEP_NOT_SET -> throw new AssertionError("a step without content");
        }
      }

      private void accept(ByteString named, ByteString bytes) {
        if (!FakeBlobs.digest(bytes).equals(named)) {
          throw FakeTable.refusal(Status.Code.INVALID_ARGUMENT, "DIGEST_MISMATCH");
        }
        blobs.write(named, bytes);
        answers.onNext(UploadBlobsResponse.newBuilder().addStoredDigests(named).build());
      }

      @Override
      void end() {}
    };
  }

  @Override
  public void downloadBlobs(
      DownloadBlobsRequest request, StreamObserver<DownloadBlobsResponse> answers) {
    Breaks.Stream stream = breaks.open();
    for (ByteString digest : request.getDigestsList()) {
      if (!blobs.holds(digest)) {
        answers.onError(FakeTable.refusal(Status.Code.NOT_FOUND, "BLOB_NOT_FOUND"));
        return;
      }
      ByteString content = blobs.read(digest);
      answers.onNext(header(digest, content.size()));
      for (int at = 0; at < content.size(); at += CHUNK) {
        if (stream.breaks()) {
          answers.onError(Status.UNAVAILABLE.asRuntimeException());
          return;
        }
        answers.onNext(
            DownloadBlobsResponse.newBuilder()
                .setChunk(content.substring(at, Math.min(content.size(), at + CHUNK)))
                .build());
      }
    }
    answers.onCompleted();
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputResponse> answers) {
    output.read(request, answers);
  }

  private static DownloadBlobsResponse header(ByteString digest, int size) {
    DownloadBlobsResponse.Builder step = DownloadBlobsResponse.newBuilder();
    step.getHeaderBuilder().setDigest(digest).setSizeBytes(size);
    return step.build();
  }
}
