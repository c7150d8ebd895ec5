package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not handed over, before a resident that does not answer. */
class RelayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FULL = 10;

  @TempDir Path folder;
  private Path name;
  private Path program;
  private ServerSocketChannel door;

  @BeforeEach
  void start() throws IOException {
    name = folder.resolve("1");
    program = Files.writeString(folder.resolve("weft-cli.jar"), "one build");
    door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    door.bind(UnixDomainSocketAddress.of(name + Relay.ENDING), 1);
    door.configureBlocking(false);
  }

  @AfterEach
  void stop() throws IOException {
    door.close();
  }

  private OptionalInt handedOver(String... arguments) {
    return assertTimeoutPreemptively(PATIENCE, () -> Relay.handedOver(name, program, arguments));
  }

  @Test
  void residentThatDoesNotAnswerCostsOneWait() throws Exception {
    assertThat(handedOver("list")).isEmpty();
    try (SocketChannel asked = door.accept()) {
      assertThat(asked).isNotNull();
    }

    assertThat(handedOver("list")).isEmpty();

    assertThat(door.accept()).isNull();
  }

  @Test
  void residentThatTakesNoMoreConnectionsCostsNoMoreThanThat() throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    fill(waiting);
    assertThat(waiting).hasSizeLessThan(FULL);

    assertThat(handedOver("list")).isEmpty();

    for (SocketChannel client : waiting) {
      client.close();
    }
  }

  /** Until one would have to wait. */
  private void fill(List<SocketChannel> waiting) throws IOException {
    while (waiting.size() < FULL) {
      SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
      client.configureBlocking(false);
      try {
        client.connect(UnixDomainSocketAddress.of(name + Relay.ENDING));
      } catch (SocketException e) {
        client.close();
        return;
      }
      waiting.add(client);
    }
  }

  @Test
  void commandThatNamesItsOwnFilesIsNotAskedFor() throws Exception {
    assertThat(handedOver("artifacts", "put", "/dev/stdin")).isEmpty();
    assertThat(handedOver("submit", "--file=/dev/fd/63:in.txt", "--", "true")).isEmpty();

    assertThat(door.accept()).isNull();
  }
}
