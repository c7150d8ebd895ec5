package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one side writes is what the other reads. */
class FrameLinkTest {
  @TempDir Path folder;
  private SocketChannel here;
  private SocketChannel there;
  private FrameLink writer;
  private FrameLink reader;

  @BeforeEach
  void connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("s"));
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(address);
      here = SocketChannel.open(address);
      there = door.accept();
    }
    writer = new FrameLink(here);
    reader = new FrameLink(there);
  }

  @AfterEach
  void close() {
    writer.close();
    reader.close();
  }

  private Frame next() throws IOException {
    Frame frame = reader.read();
    assertThat(frame).isNotNull();
    return frame;
  }

  @Test
  void framesArriveInOrderAndWhole() throws Exception {
    byte[] large = new byte[1_000_000];
    new Random(1).nextBytes(large);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                writer.write(FrameKind.GO);
                writer.write(FrameKind.HELLO, large, 0, large.length);
                writer.write(FrameKind.EXIT, -1);
                writer.write(FrameKind.SIGNAL, "INT");
                writer.close();
              } catch (IOException e) {
                reader.close();
              }
            });

    assertThat(next().kind()).isEqualTo(FrameKind.GO);
    assertThat(next().body()).isEqualTo(large);
    assertThat(next().number()).isEqualTo(-1);
    assertThat(next().text()).isEqualTo("INT");
    assertThat(reader.read()).isNull();
  }

  @Test
  void endWithinFrameIsNoEnd() throws Exception {
    here.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 9, 1, 1, 2}));
    here.close();

    assertThatThrownBy(reader::read)
        .isInstanceOf(IOException.class)
        .hasMessage("broken off within a frame");
  }

  @Test
  void whatIsNoFrameIsRefused() throws Exception {
    here.write(ByteBuffer.wrap(new byte[] {127, 0, 0, 0, 1}));

    assertThatThrownBy(reader::read).isInstanceOf(IOException.class).hasMessageContaining("frame");
  }

  @Test
  void helloIsTheSameOnTheOtherSide() throws Exception {
    Hello hello =
        new Hello("s", "/d", true, List.of("run", "", "ä\n"), Map.of("WEFT_URL", "u", "HOME", ""));

    assertThat(Hello.of(hello.bytes())).isEqualTo(hello);
    assertThat(hello.toString()).doesNotContain("WEFT_URL");
  }

  @Test
  void helloThatIsNotWholeIsRefused() throws Exception {
    byte[] bytes = new Hello("s", "/d", true, List.of("run"), Map.of()).bytes();
    byte[] half = java.util.Arrays.copyOf(bytes, bytes.length - 3);

    assertThatThrownBy(() -> Hello.of(half)).isInstanceOf(IOException.class);
  }
}
