package dev.weft.bench;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Messages of 1 KB there and back over gRPC, between two processes, and nothing else. */
final class Ping implements AutoCloseable {

  private static final long GIVE_UP_SECONDS = 60;
  private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final byte[] message = new byte[TaskClient.PAYLOAD_BYTES];
  private final Process server;
  private final ManagedChannel channel;

  private Ping(Process server, ManagedChannel channel) {
    this.server = server;
    this.channel = channel;
  }

  static Ping plain() throws IOException {
    Process server = start(List.of());
    return new Ping(server, channel(server, InsecureChannelCredentials.create()));
  }

  /** With the certificates of the mesh, on both sides. */
  static Ping mutualTls(Mesh mesh) throws IOException {
    Path certs = mesh.home().resolve("certs");
    Path authority = certs.resolve("ca.pem");
    Process server =
        start(
            List.of(
                certs.resolve("router-0.pem").toString(),
                certs.resolve("router-0.key").toString(),
                authority.toString()));
    ChannelCredentials credentials =
        TlsChannelCredentials.newBuilder()
            .keyManager(
                certs.resolve("gateway-0.pem").toFile(), certs.resolve("gateway-0.key").toFile())
            .trustManager(authority.toFile())
            .build();
    return new Ping(server, channel(server, credentials));
  }

  /** Unary calls per second, so many at once. */
  double unary(int atOnce, int seconds) throws InterruptedException {
    return rate(
        seconds,
        atOnce,
        loop -> {
          for (int i = 0; i < atOnce; i++) {
            call(loop);
          }
        });
  }

  /** Messages per second on one stream, so many on their way. */
  double stream(int window, int seconds) throws InterruptedException {
    return rate(
        seconds,
        1,
        loop -> {
          AtomicReference<@Nullable StreamObserver<byte[]>> up = new AtomicReference<>();
          synchronized (loop) {
            up.set(
                ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(PingServer.STREAM, CallOptions.DEFAULT),
                    new Reply(loop, () -> send(up.get(), loop), loop.open::countDown)));
            for (int i = 0; i < window; i++) {
              send(up.get(), loop);
            }
          }
        });
  }

  /** There and back on a stream, one message at a time, in nanoseconds. */
  Histogram roundTrips(int times) throws InterruptedException {
    Histogram nanos = new Histogram(HIGHEST_NANOS, 3);
    AtomicReference<@Nullable CountDownLatch> turn = new AtomicReference<>();
    StreamObserver<byte[]> up =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(PingServer.STREAM, CallOptions.DEFAULT),
            new Reply(new Loop(Long.MAX_VALUE, 1), () -> countDown(turn.get()), () -> {}));
    for (int i = 0; i < times; i++) {
      CountDownLatch back = new CountDownLatch(1);
      turn.set(back);
      long begun = System.nanoTime();
      up.onNext(message);
      if (!back.await(GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
        throw new BenchFailure("ping: no answer");
      }
      if (i >= times / 5) {
        nanos.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - begun));
      }
    }
    up.onCompleted();
    return nanos;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.destroy();
  }

  private void call(Loop loop) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(PingServer.UNARY, CallOptions.DEFAULT),
        message,
        new Reply(
            loop,
            () -> {},
            () -> {
              if (loop.isOver()) {
                loop.open.countDown();
              } else {
                call(loop);
              }
            }));
  }

  private void send(@Nullable StreamObserver<byte[]> up, Loop loop) {
    synchronized (loop) {
      if (up == null || loop.closed) {
        return;
      }
      if (loop.isOver()) {
        loop.closed = true;
        up.onCompleted();
      } else {
        up.onNext(message);
      }
    }
  }

  private static void countDown(@Nullable CountDownLatch latch) {
    if (latch != null) {
      latch.countDown();
    }
  }

  private interface Begin {
    void with(Loop loop);
  }

  /** Warms up for as long: what is measured is the machine, not a young JVM. */
  private static double rate(int seconds, int parts, Begin begin) throws InterruptedException {
    run(seconds, parts, begin);
    return run(seconds, parts, begin);
  }

  private static double run(int seconds, int parts, Begin begin) throws InterruptedException {
    long begun = System.nanoTime();
    Loop loop = new Loop(begun + TimeUnit.SECONDS.toNanos(seconds), parts);
    begin.with(loop);
    if (!loop.open.await(seconds + GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
      throw new BenchFailure("ping: no end");
    }
    return loop.answers.get() / ((System.nanoTime() - begun) / 1e9);
  }

  /** What goes round until a moment. */
  private static final class Loop {

    private final long end;
    private final CountDownLatch open;
    private final AtomicLong answers = new AtomicLong();
    private boolean closed;

    Loop(long end, int parts) {
      this.end = end;
      this.open = new CountDownLatch(parts);
    }

    boolean isOver() {
      return System.nanoTime() >= end;
    }
  }

  private static final class Reply implements StreamObserver<byte[]> {

    private final Loop loop;
    private final Runnable answered;
    private final Runnable ended;

    Reply(Loop loop, Runnable answered, Runnable ended) {
      this.loop = loop;
      this.answered = answered;
      this.ended = ended;
    }

    @Override
    public void onNext(byte[] answer) {
      loop.answers.incrementAndGet();
      answered.run();
    }

    @Override
    public void onError(Throwable error) {
      ended.run();
    }

    @Override
    public void onCompleted() {
      ended.run();
    }
  }

  private static ManagedChannel channel(Process server, ChannelCredentials credentials)
      throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    int port = Integer.parseInt(String.valueOf(said.readLine()));
    return Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials)
        .overrideAuthority("router.weft")
        .directExecutor()
        .build();
  }

  private static Process start(List<String> files) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                PingServer.class.getName()));
    command.addAll(files);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
