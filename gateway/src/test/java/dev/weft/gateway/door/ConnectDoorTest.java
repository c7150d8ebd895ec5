package dev.weft.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.FreePort;
import dev.weft.platform.discovery.HostPort;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door at which a worker names the gateway that it wants. */
class ConnectDoorTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String WELCOME = "HTTP/1.1 200 Connection established\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Set<HostPort> known = new HashSet<>();
  private ServerSocket gateway;
  private WorkerDoor door;
  private int port;

  @BeforeEach
  void open() throws Exception {
    gateway = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    known.add(new HostPort("127.0.0.1", gateway.getLocalPort()));
    Guide guide = new ConnectGuide(vertx, known::contains, Duration.ofSeconds(1));
    door =
        new WorkerDoor(vertx, new WorkerDoor.Setting("gateway", guide, 10, Duration.ofSeconds(30)));
    port =
        door.open("127.0.0.1", 0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void whoNamesAGatewayIsLedThereAndWhatFollowsTheAnswerPassesUnread() throws IOException {
    try (Socket worker = dial()) {
      say(worker, "CONNECT 127.0.0.1:" + gateway.getLocalPort());
      say(worker, " HTTP/1.1\r\nhost: any\r\n\r\n");
      try (Socket inner = gateway.accept()) {
        assertThat(read(worker, WELCOME.length())).isEqualTo(WELCOME);
        say(worker, "\u0016\u0003\u0001 hello");
        assertThat(read(inner, 9)).isEqualTo("\u0016\u0003\u0001 hello");
        say(inner, "and back");
        assertThat(read(worker, 8)).isEqualTo("and back");
      }
      assertThat(rest(worker)).isEmpty();
    }
    await().atMost(SOON).until(() -> door.connections() == 0);
  }

  /** Else the door would lead whoever finds it to all that the gateway can reach. */
  @Test
  void nobodyIsLedToWhatIsNoGateway() throws IOException {
    try (ServerSocket database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Socket worker = dial()) {
      say(worker, connect("127.0.0.1:" + database.getLocalPort()));

      assertThat(rest(worker)).startsWith("HTTP/1.1 403 ");
      database.setSoTimeout(200);
      assertThatThrownBy(database::accept).isInstanceOf(SocketTimeoutException.class);
    }
    await().atMost(SOON).until(() -> door.connections() == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n",
        "CONNECT 127.0.0.1:0 HTTP/1.1\r\n\r\n",
        "CONNECT  HTTP/1.1\r\n\r\n",
        "CONNECT 127.0.0.1:1\r\n\r\n",
        "CONNECT 127.0.0.1:1 HTTP/2\r\n\r\n",
        "CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\nearly",
        "\r\n\r\n",
      })
  void whatIsNoSuchRequestIsRefused(String head) throws IOException {
    try (Socket worker = dial()) {
      say(worker, head);

      assertThat(rest(worker)).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aHeadThatIsTooLongOrNeverEndsIsRefused() throws IOException {
    try (Socket endless = dial();
        Socket slow = dial()) {
      say(slow, "CONNECT 127");
      say(endless, "CONNECT " + "x".repeat(ConnectHead.MOST_BYTES));

      assertThat(rest(endless)).startsWith("HTTP/1.1 400 ");
      assertThat(rest(slow)).startsWith("HTTP/1.1 400 ");
    }
    await().atMost(SOON).until(() -> door.connections() == 0);
  }

  @Test
  void aGatewayThatIsGoneIsTold() throws IOException {
    int nobody = FreePort.find();
    known.add(new HostPort("127.0.0.1", nobody));
    try (Socket worker = dial()) {
      say(worker, connect("127.0.0.1:" + nobody));

      assertThat(rest(worker)).startsWith("HTTP/1.1 502 ");
    }
  }

  private static String connect(String address) {
    return "CONNECT " + address + " HTTP/1.1\r\nhost: " + address + "\r\n\r\n";
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout((int) SOON.toMillis());
    return socket;
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    to.getOutputStream().flush();
  }

  private static String read(Socket from, int bytes) throws IOException {
    return new String(from.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** All until the other side hangs up. */
  private static String rest(Socket from) throws IOException {
    return new String(from.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
