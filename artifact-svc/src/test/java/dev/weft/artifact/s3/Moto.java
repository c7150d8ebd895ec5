package dev.weft.artifact.s3;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A moto server of its own. */
final class Moto implements AutoCloseable {

  private final int port = FreePort.find();
  private final ChildProcess child;

  Moto(Path directory) {
    String server = System.getenv("WEFT_MOTO_SERVER");
    if (server == null) {
      throw new AssertionError(
          "WEFT_MOTO_SERVER: unset (expected: the path of moto_server; .ci/artifact-s3 sets it)");
    }
    child =
        ChildProcess.start(
            new Launch(
                List.of(server, "-H", "127.0.0.1", "-p", Integer.toString(port)),
                Map.of(),
                directory,
                directory.resolve("moto.log"),
                Lifetime.OWNER,
                Optional.empty()));
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::answers);
  }

  private boolean answers() {
    if (!child.isRunning()) {
      throw new AssertionError("moto has ended, see " + child.log());
    }
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    child.kill();
  }
}
