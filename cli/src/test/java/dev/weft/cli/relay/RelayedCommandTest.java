package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What has not begun is not said to be broken off. */
class RelayedCommandTest {
  @Test
  void whoseGoCanNotBeSaidHasNotBegun() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    try (FrameLink link = new FrameLink(SocketChannel.open(StandardProtocolFamily.UNIX))) {
      link.close();
      RelayedCommand command =
          new RelayedCommand(link, List.of("run", "--", "true"), () -> broken.set(true));

      assertThat(command.follow()).isEmpty();
    }
    assertThat(broken).isFalse();
  }
}
