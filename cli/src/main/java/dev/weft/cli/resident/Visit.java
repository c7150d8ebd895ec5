package dev.weft.cli.resident;

import dev.weft.cli.relay.Frame;
import dev.weft.cli.relay.FrameKind;
import dev.weft.cli.relay.FrameLink;
import dev.weft.cli.relay.Hello;
import dev.weft.cli.relay.PrivateFolder;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** One connection: who it is, what it wants, whether it may, and then its command. */
final class Visit {
  /** Whoever connects says at once what for. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SocketChannel channel;
  private final PrivateFolder folder;
  private final Admission admission;

  Visit(SocketChannel channel, PrivateFolder folder, Admission admission) {
    this.channel = channel;
    this.folder = folder;
    this.admission = admission;
  }

  /**
   * To its end.
   *
   * @param root the checkout
   */
  void serve(Path root) {
    try (FrameLink link = new FrameLink(channel)) {
      folder.requireMine(channel);
      Optional<ServedCommand> command = begun(link, root);
      if (command.isPresent()) {
        command.get().listen();
      }
    } catch (IOException e) {
      // It has gone, and what it began has been told.
    }
  }

  private Optional<ServedCommand> begun(FrameLink link, Path root) throws IOException {
    Thread patience = Thread.ofVirtual().start(() -> closeLate(link));
    try {
      Frame first = link.read();
      if (first == null || first.kind() != FrameKind.HELLO) {
        return Optional.empty();
      }
      Hello hello = Hello.of(first.body());
      Optional<String> refusal = admission.refusal(hello);
      if (refusal.isPresent()) {
        link.write(FrameKind.REFUSED, refusal.get());
        return Optional.empty();
      }
      return admitted(link, hello, root);
    } finally {
      patience.interrupt();
    }
  }

  private Optional<ServedCommand> admitted(FrameLink link, Hello hello, Path root)
      throws IOException {
    boolean begun = false;
    try {
      link.write(FrameKind.READY);
      Frame go = link.read();
      if (go == null || go.kind() != FrameKind.GO) {
        return Optional.empty();
      }
      ServedCommand command = new ServedCommand(link, hello);
      command.begin(root, admission::ended);
      begun = true;
      return Optional.of(command);
    } finally {
      if (!begun) {
        admission.ended();
      }
    }
  }

  private static void closeLate(FrameLink link) {
    try {
      Thread.sleep(PATIENCE);
      link.close();
    } catch (InterruptedException e) {
      // It was said in time.
    }
  }
}
