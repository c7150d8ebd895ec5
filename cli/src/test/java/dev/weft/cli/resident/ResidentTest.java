package dev.weft.cli.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who is let in, and until when. */
class ResidentTest {
  private static final int MANY = 100;
  private static final int MOST = 64;

  @Test
  void whoIsOneTooManyIsSentAwayAndAnErrorOfTheDoorEndsNothingThatRuns() throws Exception {
    List<SocketChannel> came = new ArrayList<>();
    CountDownLatch inside = new CountDownLatch(MOST);
    CountDownLatch hold = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(MOST);

    Resident.letIn(
        () -> {
          if (came.size() == MANY) {
            throw new IOException("Too many open files");
          }
          came.add(SocketChannel.open(StandardProtocolFamily.UNIX));
          return came.getLast();
        },
        channel -> {
          inside.countDown();
          try {
            hold.await();
          } catch (InterruptedException e) {
            return;
          }
          done.countDown();
        });

    inside.await();
    assertThat(came).filteredOn(SocketChannel::isOpen).hasSize(MOST);
    hold.countDown();
    done.await();
    for (SocketChannel channel : came) {
      channel.close();
    }
  }
}
