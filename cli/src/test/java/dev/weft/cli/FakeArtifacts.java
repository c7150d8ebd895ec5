package dev.weft.cli;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.weft.cli.client.Digests;
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
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import dev.weft.proto.artifacts.v1.UploadArtifactRequest;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.artifacts.v1.UploadBlobsRequest;
import dev.weft.proto.artifacts.v1.UploadBlobsResponse;
import dev.weft.proto.artifacts.v1.UploadHeader;
import dev.weft.proto.artifacts.v1.WholeBlob;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The other side of weft.artifacts.v1 over a real connection and real files: verifies what it is
 * sent, refuses as the contract says, and breaks connections when told to.
 */
public final class FakeArtifacts extends ArtifactServiceGrpc.ArtifactServiceImplBase
    implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final Path folder;
  private final Server server;
  private final Map<String, Artifact> artifacts = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger breaks = new AtomicInteger();
  private volatile int breakAfter;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> traceparents = new CopyOnWriteArrayList<>();
  private final List<Long> offsets = new CopyOnWriteArrayList<>();
  private final List<String> cursors = new CopyOnWriteArrayList<>();
  private final AtomicInteger outputsServed = new AtomicInteger();
  private volatile List<List<ReadOutputResponse>> outputs = List.of(List.of());
  private volatile Runnable onUpload = () -> {};

  public FakeArtifacts(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .intercept(new Door())
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
    breakAfter = afterMessages;
    breaks.set(times);
  }

  /** Each list is one connection's output; all but the last break off after it. */
  @SafeVarargs
  public final void output(List<ReadOutputResponse>... connections) {
    outputs = List.of(connections);
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

  /** What readers of output gave as the last cursor seen. */
  public List<String> cursors() {
    return cursors;
  }

  public List<String> blobs() {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps bytes as an artifact. */
  public Artifact keep(String mediaType, ByteString content) {
    return keep(UploadHeader.newBuilder().setMediaType(mediaType).build(), store(content));
  }

  public ByteString store(ByteString content) {
    ByteString digest = digest(content);
    write(digest, content);
    return digest;
  }

  public Tree tree(String artifactId) {
    try {
      return Tree.parseFrom(read(artifacts.get(artifactId).getDigest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Artifact artifact(String id) {
    return artifacts.get(id);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  @Override
  public StreamObserver<UploadArtifactRequest> uploadArtifact(
      StreamObserver<UploadArtifactResponse> answers) {
    return new Upload<>(answers) {
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
        ByteString digest = header.getIfHeld() ? header.getDigest() : digest(content);
        if (header.getIfHeld() && !holds(digest)) {
          throw refusal(Status.Code.FAILED_PRECONDITION, "BLOB_NOT_HELD");
        }
        if (!header.getDigest().isEmpty() && !header.getDigest().equals(digest)) {
          throw refusal(Status.Code.INVALID_ARGUMENT, "DIGEST_MISMATCH");
        }
        if (!header.getIfHeld()) {
          write(digest, content);
        }
        requireComplete(header, digest);
        answers.onNext(
            UploadArtifactResponse.newBuilder().setArtifact(keep(header, digest)).build());
      }
    };
  }

  @Override
  public void downloadArtifact(
      DownloadArtifactRequest request, StreamObserver<DownloadArtifactResponse> answers) {
    Artifact artifact = find(request.getArtifactId());
    offsets.add(request.getOffset());
    ByteString content = read(artifact.getDigest());
    answers.onNext(DownloadArtifactResponse.newBuilder().setArtifact(artifact).build());
    boolean breaking = breaks.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    int sent = 0;
    for (int at = (int) request.getOffset(); at < content.size(); at += CHUNK) {
      if (breaking && sent++ == breakAfter) {
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
    answers.onNext(
        GetArtifactResponse.newBuilder().setArtifact(find(request.getArtifactId())).build());
    answers.onCompleted();
  }

  @Override
  public void listArtifacts(
      ListArtifactsRequest request, StreamObserver<ListArtifactsResponse> answers) {
    List<Artifact> all =
        artifacts.values().stream()
            .filter(one -> request.getName().isEmpty() || one.getName().equals(request.getName()))
            .sorted((a, b) -> b.getId().compareTo(a.getId()))
            .toList();
    int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
    int to = Math.min(all.size(), from + 2); // Short pages, as the contract allows.
    answers.onNext(
        ListArtifactsResponse.newBuilder()
            .addAllArtifacts(all.subList(from, to))
            .setNextPageToken(to < all.size() ? Integer.toString(to) : "")
            .build());
    answers.onCompleted();
  }

  @Override
  public void deleteArtifact(
      DeleteArtifactRequest request, StreamObserver<DeleteArtifactResponse> answers) {
    artifacts.remove(request.getArtifactId());
    answers.onNext(DeleteArtifactResponse.getDefaultInstance());
    answers.onCompleted();
  }

  @Override
  public void listMissingBlobs(
      ListMissingBlobsRequest request, StreamObserver<ListMissingBlobsResponse> answers) {
    answers.onNext(
        ListMissingBlobsResponse.newBuilder()
            .addAllDigests(
                request.getDigestsList().stream().filter(digest -> !holds(digest)).toList())
            .build());
    answers.onCompleted();
  }

  @Override
  public StreamObserver<UploadBlobsRequest> uploadBlobs(
      StreamObserver<UploadBlobsResponse> answers) {
    onUpload.run();
    return new Upload<>(answers) {
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
        if (!digest(bytes).equals(named)) {
          throw refusal(Status.Code.INVALID_ARGUMENT, "DIGEST_MISMATCH");
        }
        write(named, bytes);
        answers.onNext(UploadBlobsResponse.newBuilder().addStoredDigests(named).build());
      }

      @Override
      void end() {}
    };
  }

  @Override
  public void downloadBlobs(
      DownloadBlobsRequest request, StreamObserver<DownloadBlobsResponse> answers) {
    boolean breaking = breaks.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    int sent = 0;
    for (ByteString digest : request.getDigestsList()) {
      if (!holds(digest)) {
        answers.onError(refusal(Status.Code.NOT_FOUND, "BLOB_NOT_FOUND"));
        return;
      }
      ByteString content = read(digest);
      answers.onNext(header(digest, content.size()));
      for (int at = 0; at < content.size(); at += CHUNK) {
        if (breaking && sent++ == breakAfter) {
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
    cursors.add(request.getAfterCursor());
    int connection = outputsServed.getAndIncrement();
    outputs.get(Math.min(connection, outputs.size() - 1)).forEach(answers::onNext);
    if (connection < outputs.size() - 1) {
      answers.onError(Status.UNAVAILABLE.asRuntimeException());
    } else {
      answers.onCompleted();
    }
  }

  public static ByteString digest(ByteString content) {
    return ByteString.copyFrom(Digests.sha256().digest(content.toByteArray()));
  }

  private static DownloadBlobsResponse header(ByteString digest, int size) {
    DownloadBlobsResponse.Builder step = DownloadBlobsResponse.newBuilder();
    step.getHeaderBuilder().setDigest(digest).setSizeBytes(size);
    return step.build();
  }

  private void requireComplete(UploadHeader header, ByteString digest) {
    if (!header.getMediaType().equals("application/vnd.weft.tree")) {
      return;
    }
    try {
      for (TreeEntry entry : Tree.parseFrom(read(digest)).getEntriesList()) {
        if (entry.getKind() == TreeEntryKind.TREE_ENTRY_KIND_FILE && !holds(entry.getDigest())) {
          throw refusal(Status.Code.FAILED_PRECONDITION, "TREE_INCOMPLETE");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Artifact keep(UploadHeader header, ByteString digest) {
    Artifact artifact =
        Artifact.newBuilder()
            .setId("art_%026d".formatted(ids.incrementAndGet()))
            .setName(header.getName())
            .setDigest(digest)
            .setSizeBytes(read(digest).size())
            .setMediaType(header.getMediaType())
            .build();
    artifacts.put(artifact.getId(), artifact);
    return artifact;
  }

  private Artifact find(String idOrName) {
    return artifacts.values().stream()
        .filter(one -> one.getId().equals(idOrName) || one.getName().equals(idOrName))
        .max((a, b) -> a.getId().compareTo(b.getId()))
        .orElseThrow(() -> refusal(Status.Code.NOT_FOUND, "ARTIFACT_NOT_FOUND"));
  }

  private boolean holds(ByteString digest) {
    return Files.exists(file(digest));
  }

  private Path file(ByteString digest) {
    return folder.resolve(ArtifactText.hex(digest));
  }

  private void write(ByteString digest, ByteString content) {
    try {
      Files.write(file(digest), content.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteString read(ByteString digest) {
    try {
      return ByteString.copyFrom(Files.readAllBytes(file(digest)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StatusRuntimeException refusal(Status.Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(reason + " said the fake")
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setDomain("weft.dev").setReason(reason).build()))
            .build());
  }

  /** A stream that comes up: breaks off when told to, answers refusals. */
  private abstract class Upload<T> implements StreamObserver<T> {
    private final StreamObserver<?> answers;
    private final boolean breaking = breaks.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    private int messages;
    private boolean over;

    Upload(StreamObserver<?> answers) {
      this.answers = answers;
    }

    abstract void take(T step);

    abstract void end();

    @Override
    public void onNext(T step) {
      if (!over && breaking && messages++ == breakAfter) {
        fail(Status.UNAVAILABLE.asRuntimeException());
      } else if (!over) {
        attempt(() -> take(step));
      }
    }

    @Override
    public void onCompleted() {
      if (!over) {
        attempt(this::end);
      }
      if (!over) {
        answers.onCompleted();
      }
    }

    @Override
    public void onError(Throwable failure) {
      over = true;
    }

    private void attempt(Runnable step) {
      try {
        step.run();
      } catch (StatusRuntimeException e) {
        fail(e);
      }
    }

    private void fail(StatusRuntimeException failure) {
      over = true;
      answers.onError(failure);
    }
  }

  /** Lets in only who bears the token. */
  private final class Door implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACEPARENT =
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      calls.add(call.getMethodDescriptor().getBareMethodName());
      traceparents.add(headers.get(TRACEPARENT));
      if (!("Bearer " + FakeGateway.TOKEN).equals(headers.get(AUTHORIZATION))) {
        call.close(Status.UNAUTHENTICATED, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }
}
