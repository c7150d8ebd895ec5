package dev.weft.cli.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.FakeGateway;
import dev.weft.cli.relay.Frame;
import dev.weft.cli.relay.FrameKind;
import dev.weft.cli.relay.FrameLink;
import dev.weft.cli.relay.Hello;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command sees of its stdin when the other side says so much of it and no more. */
@Timeout(60)
class ServedCommandTest {
  @TempDir Path folder;
  private final FakeGateway gateway = new FakeGateway();
  private final CountDownLatch over = new CountDownLatch(1);
  private FrameLink here;
  private FrameLink there;

  @BeforeEach
  void start() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(address);
      here = new FrameLink(SocketChannel.open(address));
      there = new FrameLink(door.accept());
    }
    Map<String, String> environment =
        Map.of(
            "WEFT_URL", gateway.url(),
            "WEFT_TOKEN", FakeGateway.TOKEN,
            "WEFT_HOME", folder.resolve("weft").toString());
    List<String> submit = List.of("submit", "--stdin", "--", "sh");
    ServedCommand command =
        new ServedCommand(there, new Hello("", folder.toString(), false, submit, environment));
    command.begin(folder, over::countDown);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                command.listen();
              } catch (IOException e) {
                there.close();
              }
            });
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
    gateway.close();
  }

  /** The next one of this kind; what else is said is passed over. */
  private Frame await(FrameKind kind) throws IOException {
    while (true) {
      Frame frame = here.read();
      assertThat(frame).as("before " + kind).isNotNull();
      if (frame.kind() == kind) {
        return frame;
      }
    }
  }

  private void sayHalf() throws IOException {
    await(FrameKind.WANT);
    byte[] half = "rm -r /tmp/a".getBytes(StandardCharsets.UTF_8);
    here.write(FrameKind.INPUT, half, 0, half.length);
    await(FrameKind.WANT);
  }

  private void awaitEnd() throws InterruptedException {
    over.await();
  }

  @Test
  void inputThatEndsIsSubmitted() throws Exception {
    sayHalf();

    here.write(FrameKind.INPUT);

    assertThat(await(FrameKind.EXIT).number()).isZero();
    awaitEnd();
    assertThat(gateway.submitted()).hasSize(1);
  }

  @Test
  void inputThatCanNotBeReadAnyMoreIsNotSubmitted() throws Exception {
    sayHalf();

    here.write(FrameKind.INPUT_BROKEN, "Resource temporarily unavailable");

    assertThat(await(FrameKind.ERR).text()).contains("--stdin: Resource temporarily unavailable");
    assertThat(await(FrameKind.EXIT).number()).isEqualTo(2);
    awaitEnd();
    assertThat(gateway.submitted()).isEmpty();
  }

  @Test
  void inputOfOneWhoVanishedIsNotSubmitted() throws Exception {
    sayHalf();

    here.close();

    awaitEnd();
    assertThat(gateway.submitted()).isEmpty();
  }

  @Test
  void inputOfOneWhoInterruptsIsNotSubmitted() throws Exception {
    sayHalf();

    here.write(FrameKind.SIGNAL, "INT");

    assertThat(await(FrameKind.EXIT).number()).isEqualTo(130);
    awaitEnd();
    assertThat(gateway.submitted()).isEmpty();
  }
}
