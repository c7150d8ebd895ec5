package dev.weft.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.FreePort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerDoorTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private ServerSocket service;

  @BeforeEach
  void listen() throws IOException {
    service = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    service.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void bytesPassUnreadBothWays() throws Exception {
    WorkerDoor door = door(10, Duration.ofSeconds(30), address());
    byte[] data = new byte[3_000_000];
    new Random(1).nextBytes(data);
    try (Socket worker = dial(open(door));
        Socket inner = service.accept()) {
      Thread echo =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      inner.getInputStream().transferTo(inner.getOutputStream());
                      inner.shutdownOutput();
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      Thread.ofVirtual().start(() -> write(worker, data));

      byte[] back = worker.getInputStream().readNBytes(data.length);

      assertThat(Arrays.equals(back, data)).isTrue();
      assertThat(door.connections()).isEqualTo(1);
      worker.close();
      echo.join(5000);
    }
    await().atMost(SOON).until(() -> door.connections() == 0);
  }

  @Test
  void aSlowReaderHoldsTheWriterAndNotTheDoorsMemory() throws Exception {
    WorkerDoor door = door(10, Duration.ofSeconds(30), address());
    try (Socket worker = dial(open(door));
        Socket inner = service.accept()) {
      AtomicLong written = new AtomicLong();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    byte[] block = new byte[64 * 1024];
                    try {
                      OutputStream out = worker.getOutputStream();
                      while (written.get() < 512L * 1024 * 1024) {
                        out.write(block);
                        written.addAndGet(block.length);
                      }
                    } catch (IOException e) {
                      // The test has ended.
                    }
                  });
      AtomicLong seen = new AtomicLong();
      await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> stands(written, seen));

      assertThat(written.get()).isLessThan(64L * 1024 * 1024);
      assertThat(inner.getInputStream().readNBytes(1000)).hasSize(1000);
      worker.close();
      writer.join(5000);
    }
  }

  @Test
  void theFirstAddressThatTakesItGetsIt() throws Exception {
    String nobody = "127.0.0.1:" + FreePort.find();
    WorkerDoor door = door(10, Duration.ofSeconds(30), nobody, address());
    try (Socket worker = dial(open(door));
        Socket inner = service.accept()) {
      worker.getOutputStream().write(7);

      assertThat(inner.getInputStream().read()).isEqualTo(7);
    }
  }

  @Test
  void whoFindsNobodyIsHungUpOn() throws Exception {
    WorkerDoor door = door(10, Duration.ofSeconds(30), "127.0.0.1:" + FreePort.find());
    try (Socket worker = dial(open(door))) {
      assertThat(ended(worker)).isTrue();
    }
    await().atMost(SOON).until(() -> door.connections() == 0);
  }

  @Test
  void moreThanAllowedAreHungUpOn() throws Exception {
    WorkerDoor door = door(1, Duration.ofSeconds(30), address());
    int port = open(door);
    try (Socket first = dial(port);
        Socket inner = service.accept();
        Socket second = dial(port)) {
      assertThat(ended(second)).isTrue();
      first.getOutputStream().write(1);
      assertThat(inner.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void whoSaysNothingIsHungUpOn() throws Exception {
    WorkerDoor door = door(10, Duration.ofSeconds(1), address());
    try (Socket worker = dial(open(door));
        Socket inner = service.accept()) {
      assertThat(ended(worker)).isTrue();
      assertThat(ended(inner)).isTrue();
    }
  }

  @Test
  void aServiceThatEndsEndsItsWorkersConnection() throws Exception {
    WorkerDoor door = door(10, Duration.ofSeconds(30), address());
    try (Socket worker = dial(open(door))) {
      service.accept().close();

      assertThat(ended(worker)).isTrue();
    }
  }

  /** Whether the counter is where it was when it was last looked at. */
  private static boolean stands(AtomicLong counter, AtomicLong seen) {
    long now = counter.get();
    return seen.getAndSet(now) == now && now > 0;
  }

  private WorkerDoor door(int most, Duration idle, String... targets) {
    return new WorkerDoor(
        vertx, new WorkerDoor.Setting("router", Guide.to(() -> List.of(targets)), most, idle));
  }

  private static int open(WorkerDoor door) throws Exception {
    Future<Integer> port = door.open("127.0.0.1", 0);
    return port.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private String address() {
    return "127.0.0.1:" + service.getLocalPort();
  }

  private static Socket dial(int port) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void write(Socket socket, byte[] data) {
    try {
      socket.getOutputStream().write(data);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean ended(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    try (InputStream in = socket.getInputStream()) {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }
}
