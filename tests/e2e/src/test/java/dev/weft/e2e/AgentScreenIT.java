package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.e2e.mesh.AgentDoor;
import dev.weft.e2e.mesh.AgentSocket;
import dev.weft.e2e.mesh.AgentSocket.Frame;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.SharedMesh;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a full-screen program draws is what its client is sent, byte by byte, whatever dies. */
@ExtendWith(SharedMesh.class)
class AgentScreenIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int IMAGES = 400;
  private static final int ROWS = 10;

  /** Before these images the program waits until its terminal has that size. */
  private static final Map<Integer, String> SIZES = Map.of(100, "30 100", 200, "50 160");

  /** Letters of one, two, three and four bytes, narrow and wide. */
  private static final String THREADS = "織り機 ░▒▓█ ñandú Ωmega 🧵🪡 ⠿⠷⠯ ｗｉｄｅ 가나다 ├──┼──┤ e\u0301";

  private static final String ENTER = "\u001b[?1049h\u001b[2J";
  private static final String LEAVE = "\u001b[?1049l";

  /** Draws the same bytes at each run, some 6 s long. Single quotes end and begin the format. */
  private static final String PROGRAM =
      """
      before=$(stty -g); stty -echo -opost
      printf '\\033[?1049h\\033[2J'
      i=0
      while [ $i -lt 400 ]; do
        i=$((i + 1)); want=
        printf '\\033]2;image %d\\007' $i
        case $i in 100) want='30 100' ;; 200) want='50 160' ;; esac
        if [ "$want" ]; then
          until [ "$(stty size)" = "$want" ]; do sleep 0.05; done
          printf '\\033[1;1H\\033[7msize %s\\033[0m' "$want"
        fi
        r=0
        while [ $r -lt 10 ]; do
          r=$((r + 1))
          printf '\\033[%d;%dH\\033[38;5;%dm%s %06d\\033[0m' \
            $((r + 1)) $((i % 40 + 1)) $((i * r % 256)) 'THREADS' $((i * r))
        done
        sleep 0.01
      done
      printf '\\033[?1049l'; stty "$before"
      """
          .replace("THREADS", THREADS);

  private final LocalMesh mesh;
  private final AgentDoor door;

  AgentScreenIT(LocalMesh mesh) {
    this.mesh = mesh;
    this.door = new AgentDoor(mesh);
  }

  /** One client, who comes back each time with the cursor of the last frame that it has. */
  private final class Client implements AutoCloseable {
    private final String agentId;
    private ByteString before = ByteString.EMPTY;
    private String cursor = "0.0";
    private Optional<AgentSocket> socket = Optional.empty();

    Client(String agentId) {
      this.agentId = agentId;
    }

    AgentSocket attach(int gateway) {
      close();
      AgentSocket fresh = door.attach(gateway, agentId, cursor);
      socket = Optional.of(fresh);
      return fresh;
    }

    /** What it was shown so far, at all its visits. */
    ByteString shown() {
      return socket.map(now -> before.concat(terminal(now.frames()))).orElse(before);
    }

    void awaitImage(int number) {
      awaitShown(this, title(number));
    }

    /** Says it as long as the program has not seen it: the home may die with it. */
    void resizeFor(int image) {
      String[] size = SIZES.get(image).split(" ");
      String resize =
          "{\"type\":\"resize\",\"rows\":%s,\"columns\":%s}".formatted(size[0], size[1]);
      Awaitility.await("image " + image)
          .atMost(PATIENCE)
          .until(
              () -> {
                socket.orElseThrow().say(resize);
                return has(shown(), "size " + SIZES.get(image));
              });
    }

    @Override
    public void close() {
      socket.ifPresent(
          now -> {
            // Once: what came counts as far as the cursor that is named next.
            List<Frame> came = now.cut().frames();
            before = before.concat(terminal(came));
            cursor =
                came.reversed().stream()
                    .map(Frame::cursor)
                    .filter(place -> !place.isEmpty())
                    .findFirst()
                    .orElse(cursor);
            assertThat(came).noneMatch(frame -> frame.type().equals("gap"));
          });
      socket = Optional.empty();
    }
  }

  @Test
  void itsBytesAreTheSameThroughAKilledHomeAndAClientThatComesBackAgainAndAgain() {
    mesh.process("gateway-0").kill();
    String id = door.running(AgentDoor.JSON.createObjectNode()); // Its home can only be the other.
    mesh.up();
    try (Client client = new Client(id);
        AgentSocket viewer = watch(id)) {
      AgentSocket first = client.attach(1);
      first.command("write", "cat > screen.sh <<'END'\n" + PROGRAM + "END");
      first.awaitEnd("write");
      first.type("sh screen.sh; echo o''ver\n");
      client.awaitImage(100);
      client.resizeFor(100);
      client.awaitImage(150);

      mesh.process("gateway-1").kill();

      client.attach(0);
      client.awaitImage(200);
      mesh.up();
      client.attach(1);
      client.resizeFor(200);
      for (int image = 220; image < IMAGES; image += 20) {
        client.awaitImage(image);
        client.attach(image / 20 % 2);
      }
      awaitShown(client, "over\r\n");

      assertSame(client.shown());
      Awaitility.await("the viewer")
          .atMost(PATIENCE)
          .until(() -> has(terminal(viewer.frames()), "over\r\n"));
      assertSame(terminal(viewer.frames()));
      assertThat(viewer.frames()).noneMatch(frame -> frame.type().equals("gap"));
    }
    try (Client late = new Client(id)) {
      late.attach(1);
      awaitShown(late, "over\r\n");
      assertSame(late.shown());
    }
    door.steer(id, "terminate");
  }

  private AgentSocket watch(String id) {
    return AgentSocket.open(
        door.session(0, id, "?mode=viewer"), Map.of("Authorization", "Bearer " + mesh.token()));
  }

  private static void awaitShown(Client client, String what) {
    Awaitility.await(what).atMost(PATIENCE).until(() -> has(client.shown(), what));
  }

  /** From the first byte that the program writes to its last. */
  private static void assertSame(ByteString shown) {
    String all = shown.toString(StandardCharsets.ISO_8859_1);
    byte[] drawn =
        all.substring(all.indexOf(ENTER), all.indexOf(LEAVE) + LEAVE.length())
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] expected = expected();
    assertThat(expected).hasSizeGreaterThan(400_000);
    assertThat(Arrays.mismatch(drawn, expected))
        .as("where the first of %d bytes is another one", expected.length)
        .isEqualTo(-1);
  }

  /** What the program is to draw, made without it. */
  private static byte[] expected() {
    StringBuilder all = new StringBuilder(ENTER);
    for (int i = 1; i <= IMAGES; i++) {
      all.append(title(i));
      if (SIZES.containsKey(i)) {
        all.append("\u001b[1;1H\u001b[7msize ").append(SIZES.get(i)).append("\u001b[0m");
      }
      for (int r = 1; r <= ROWS; r++) {
        all.append("\u001b[%d;%dH".formatted(r + 1, i % 40 + 1))
            .append("\u001b[38;5;%dm".formatted(i * r % 256))
            .append(THREADS)
            .append(" %06d\u001b[0m".formatted(i * r));
      }
    }
    return all.append(LEAVE).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String title(int image) {
    return "\u001b]2;image " + image + "\u0007";
  }

  private static boolean has(ByteString shown, String ascii) {
    return shown.toString(StandardCharsets.ISO_8859_1).contains(ascii);
  }

  private static ByteString terminal(List<Frame> frames) {
    return frames.stream().map(Frame::terminal).reduce(ByteString.EMPTY, ByteString::concat);
  }
}
