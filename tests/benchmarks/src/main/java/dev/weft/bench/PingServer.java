package dev.weft.bench;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Answers every message with itself: what gRPC alone costs. A process of its own, as a service is;
 * says its port, and ends with its standard input.
 */
final class PingServer {

  static final String SERVICE = "weft.bench.Ping";
  static final MethodDescriptor<byte[], byte[]> UNARY =
      method("Unary", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<byte[], byte[]> STREAM =
      method("Stream", MethodDescriptor.MethodType.BIDI_STREAMING);

  private PingServer() {}

  /** Takes certificate, key and CA for TLS on both sides, or nothing. */
  public static void main(String[] files) throws IOException {
    Server server =
        Grpc.newServerBuilderForPort(0, credentials(files))
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder(SERVICE)
                    .addMethod(UNARY, ServerCalls.asyncUnaryCall(PingServer::answer))
                    .addMethod(STREAM, ServerCalls.asyncBidiStreamingCall(PingServer::echo))
                    .build())
            .build()
            .start();
    System.out.println(server.getPort());
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    server.shutdownNow();
  }

  private static void answer(byte[] message, StreamObserver<byte[]> reply) {
    reply.onNext(message);
    reply.onCompleted();
  }

  private static StreamObserver<byte[]> echo(StreamObserver<byte[]> back) {
    return new StreamObserver<>() {
      @Override
      public void onNext(byte[] message) {
        back.onNext(message);
      }

      @Override
      public void onError(Throwable error) {
        // The client has gone; there is nobody to tell.
      }

      @Override
      public void onCompleted() {
        back.onCompleted();
      }
    };
  }

  private static ServerCredentials credentials(String[] files) throws IOException {
    if (files.length == 0) {
      return InsecureServerCredentials.create();
    }
    return TlsServerCredentials.newBuilder()
        .keyManager(Path.of(files[0]).toFile(), Path.of(files[1]).toFile())
        .trustManager(Path.of(files[2]).toFile())
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  /** Bytes as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
