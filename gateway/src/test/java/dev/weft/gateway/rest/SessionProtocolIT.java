package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.testing.SessionClient;
import io.restassured.http.ContentType;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions bear what is no decent client, over raw frames where the JDK sends none such. */
class SessionProtocolIT {

  private static final int TEXT = 1;
  private static final int BINARY = 2;

  @Test
  void textThatIsNotUtf8ClosesWith1007() throws IOException {
    try (Raw client = new Raw(spawn())) {
      client.send(TEXT, new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'});
      assertThat(client.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void aFrameOverTheBoundClosesWith1009() throws IOException {
    try (Raw client = new Raw(spawn())) {
      client.send(BINARY, new byte[64 * 1024 + 1]);
      assertThat(client.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aMessageInManyFramesOverTheBoundClosesWith1009() throws IOException {
    try (Raw client = new Raw(spawn())) {
      client.frame(false, BINARY, new byte[40 * 1024]);
      client.frame(true, 0, new byte[40 * 1024]);
      assertThat(client.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aFrameThatTheStandardForbidsClosesWith1002() throws IOException {
    try (Raw client = new Raw(spawn())) {
      client.frame(true, 7, new byte[1]);
      assertThat(client.closeCode()).isEqualTo(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "81027b7d", // No mask.
        "c182000000007b7d", // A bit of an extension that nobody agreed to.
        "0981000000000a", // A ping in two parts.
        "89fe007e00000000", // A ping of 126 bytes.
        "8082000000004141", // The rest of nothing.
        "82ff800000000000000000000000", // 2^63 bytes.
      })
  void whatIsNoFrameClosesWith1002AndNothingElse(String frame) throws IOException {
    String agentId = spawn();
    try (SessionClient bystander =
            SessionClient.open(
                neighbourhood().httpPort, agentId, "", neighbourhood().files.bearer);
        Raw client = new Raw(agentId)) {
      client.write(HexFormat.of().parseHex(frame));
      assertThat(client.closeCode()).isEqualTo(1002);
      int statuses = bystander.all("status").size();
      bystander.say("{\"type\":\"status\"}");
      await().until(() -> bystander.all("status").size() > statuses);
    }
  }

  @Test
  void aHundredThousandPingsAreAnsweredAndTheSessionGoesOn() throws Exception {
    int many = 100_000;
    byte[] pings = new byte[6 * 1_000];
    for (int at = 0; at < pings.length; at += 6) {
      pings[at] = (byte) 0x89;
      pings[at + 1] = (byte) 0x80;
    }
    try (Raw client = new Raw(spawn())) {
      Thread sender =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < many / 1_000; i++) {
                  client.write(pings);
                }
              });
      assertThat(client.pongs(many)).isEqualTo(many);
      sender.join();
      client.send(TEXT, new byte[] {'{', (byte) 0xc3, (byte) 0x28, '}'});
      assertThat(client.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void nonsenseIsAnsweredTwiceAndEndsTheSessionTheThirdTime() {
    try (SessionClient client =
        SessionClient.open(neighbourhood().httpPort, spawn(), "", neighbourhood().files.bearer)) {
      client.awaitLast("status", it -> it.getBoolean("writer"));
      client.say("[1]");
      client.say("{\"type\":\"dance\"}");
      client.say("{\"type\":\"takeOver\"}");
      client.say("no json");
      client.say("{\"type\":\"resize\",\"columns\":\"wide\",\"rows\":1}");
      client.say("{}");
      assertThat(client.awaitClose()).isEqualTo(1003);
      assertThat(client.all("problem"))
          .hasSize(5)
          .allMatch(
              it -> it.getJsonObject("problem").getString("reason").equals("MALFORMED_MESSAGE"));
    }
  }

  @Test
  void whatIsOutOfBoundsIsNamedAndTheSessionGoesOn() {
    try (SessionClient client =
        SessionClient.open(neighbourhood().httpPort, spawn(), "", neighbourhood().files.bearer)) {
      client.awaitLast("status", it -> it.getBoolean("writer"));
      client.say("{\"type\":\"command\",\"commandId\":\"a b\",\"argv\":[\"true\"]}");
      client.say("{\"type\":\"command\",\"commandId\":\"c\",\"argv\":[]}");
      client.say("{\"type\":\"command\",\"commandId\":\"c\",\"line\":\"x\",\"colour\":1}");
      client.say("{\"type\":\"command\",\"commandId\":\"c\",\"line\":\"x\",\"timeout\":\"soon\"}");
      client.say("{\"type\":\"signal\",\"commandId\":\"c\",\"signal\":\"STOP\"}");
      client.say("{\"type\":\"resize\",\"columns\":0,\"rows\":1001}");
      client.say("{\"type\":\"command\",\"commandId\":\"good\",\"line\":\"true\"}");
      JsonObject receipt = client.awaitLast("receipt", _ -> true);
      assertThat(receipt.getString("commandId")).isEqualTo("good");
      assertThat(receipt.getString("state")).isEqualTo("QUEUED");
      assertThat(client.all("problem")).hasSize(6);
      assertThat(client.all("problem"))
          .allMatch(it -> it.getJsonObject("problem").getString("reason").equals("INVALID_FIELD"));
      assertThat(client.closed()).isFalse();
      client.say("{\"type\":\"command\",\"commandId\":\"good\",\"line\":\"true\"}");
      client.awaitLast("receipt", it -> it.getBoolean("existing"));
    }
  }

  @Test
  void anExpiredTicketLetsNobodyIn() throws SQLException {
    String agentId = spawn();
    String ticket =
        request()
            .post("/v1/agents/" + agentId + ":ticket")
            .then()
            .statusCode(200)
            .extract()
            .path("ticket.ticket");
    try (Connection connection = neighbourhood().access().connect();
        var update =
            connection.prepareStatement(
                "update gateway.session_ticket set expire_time = now() - interval '1 second'"
                    + " where agent_id = ?")) {
      update.setString(1, agentId);
      assertThat(update.executeUpdate()).isGreaterThan(0);
    }
    SessionClient.Refused refused =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            SessionClient.Refused.class,
            () ->
                SessionClient.open(
                    "ws://127.0.0.1:"
                        + neighbourhood().httpPort
                        + "/v1/agents/"
                        + agentId
                        + "/session?ticket="
                        + ticket,
                    Map.of(),
                    true));
    assertThat(refused.status).isEqualTo(401);
    dev.weft.gateway.testing.SharedGateway.forgiveFailures();
  }

  private static String spawn() {
    return request()
        .contentType(ContentType.JSON)
        .body("{}")
        .post("/v1/agents")
        .then()
        .statusCode(202)
        .extract()
        .path("agent.agentId");
  }

  /** A client that sends what it is told to. */
  private static final class Raw implements AutoCloseable {

    private final Socket socket = new Socket("127.0.0.1", neighbourhood().httpPort);
    private final DataInputStream in =
        new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    private final OutputStream out = socket.getOutputStream();

    Raw(String agentId) throws IOException {
      socket.setSoTimeout(20_000);
      String head =
          "GET /v1/agents/"
              + agentId
              + "/session HTTP/1.1\r\nHost: 127.0.0.1:"
              + neighbourhood().httpPort
              + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + "Sec-WebSocket-Extensions: permessage-deflate\r\nAuthorization: Bearer "
              + neighbourhood().files.bearer
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      while (!answer.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
        answer.write(in.readByte());
      }
      // Nothing is ever unpacked, so nothing that is small here becomes large there.
      assertThat(answer.toString(StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 101")
          .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
    }

    void send(int opcode, byte[] payload) throws IOException {
      frame(true, opcode, payload);
    }

    void frame(boolean last, int opcode, byte[] payload) throws IOException {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      frame.write((last ? 0x80 : 0) | opcode);
      if (payload.length < 126) {
        frame.write(0x80 | payload.length);
      } else if (payload.length < 65_536) {
        frame.write(0x80 | 126);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
      } else {
        frame.write(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) {
          frame.write((int) ((long) payload.length >> shift));
        }
      }
      frame.writeBytes(new byte[4]);
      frame.writeBytes(payload);
      write(frame.toByteArray());
    }

    void write(byte[] bytes) {
      try {
        out.write(bytes);
        out.flush();
      } catch (IOException e) {
        // Refused in the middle; what was said of it is still to be read.
      }
    }

    /** How many of so many pings are answered, past whatever comes in between. */
    int pongs(int most) throws IOException {
      int pongs = 0;
      while (pongs < most) {
        int opcode = next().opcode();
        assertThat(opcode).isNotEqualTo(8);
        pongs += opcode == 10 ? 1 : 0;
      }
      return pongs;
    }

    /** The code of the close frame, past whatever comes before it. */
    int closeCode() throws IOException {
      while (true) {
        Frame frame = next();
        if (frame.opcode() == 8) {
          return ((frame.payload()[0] & 0xff) << 8) | (frame.payload()[1] & 0xff);
        }
      }
    }

    private Frame next() throws IOException {
      int opcode = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      return new Frame(opcode, in.readNBytes(length));
    }

    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    private record Frame(int opcode, byte[] payload) {}

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
