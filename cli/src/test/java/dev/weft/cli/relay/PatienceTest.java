package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** A link is closed, or it was in time: who is told one of both can build on it. */
class PatienceTest {
  private static final long LONG_MILLIS = 600_000;

  @Test
  void whatWasInTimeStaysOpen() throws Exception {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Patience patience = Patience.with(new FrameLink(channel), LONG_MILLIS);

      assertThat(patience.end()).isTrue();
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void whatWasClosedWasNotInTime() throws Exception {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      Patience patience = Patience.with(new FrameLink(channel), 1);

      await().until(() -> !channel.isOpen());

      assertThat(patience.end()).isFalse();
    }
  }

  @Test
  void bothAtOnceNeverSayBoth() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        Patience patience = Patience.with(new FrameLink(channel), i % 2);
        if (patience.end()) {
          assertThat(channel.isOpen()).isTrue();
        } else {
          await().until(() -> !channel.isOpen());
        }
      }
    }
  }
}
