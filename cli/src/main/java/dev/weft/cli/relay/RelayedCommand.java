package dev.weft.cli.relay;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * This process as a command's outside, from GO to its end. Standard input is read only as far as
 * the command asks for it, so that what it leaves is left for the next.
 */
final class RelayedCommand {
  /** run and agent exec have it for "no exit code of the command's own". */
  private static final int BROKEN = 125;

  static final int FAILED = 1;

  /** Whoever says it twice does not want to wait. */
  private static final long SECOND_MILLIS = 2000;

  private final FrameLink link;
  private final List<String> arguments;
  private final Runnable whenBrokenOff;
  private final RelayedOutput out;
  private final RelayedOutput err;
  private final FileInputStream in = new FileInputStream(FileDescriptor.in);
  private int signals;
  private volatile boolean ended;

  /**
   * @param whenBrokenOff runs if the resident has gone before the command's end
   */
  RelayedCommand(FrameLink link, List<String> arguments, Runnable whenBrokenOff) {
    this.link = link;
    this.arguments = arguments;
    this.whenBrokenOff = whenBrokenOff;
    this.out =
        new RelayedOutput(link, FileDescriptor.out, FrameKind.OUT_WRITTEN, FrameKind.OUT_BROKEN);
    this.err =
        new RelayedOutput(link, FileDescriptor.err, FrameKind.ERR_WRITTEN, FrameKind.ERR_BROKEN);
  }

  /** Says GO; the exit code. Empty if that could not be said: then nothing has begun. */
  OptionalInt follow() {
    try {
      link.write(FrameKind.GO);
    } catch (IOException e) {
      return OptionalInt.empty(); // So few bytes go whole or not at all.
    }
    OptionalInt exit = OptionalInt.empty();
    try {
      // While it begins: this takes longer than to connect.
      ProcessSignal.CODES.forEach(
          (name, code) -> ProcessSignal.handle(name, () -> signalled(name, code)));
      exit = toEnd();
    } catch (IOException | IllegalArgumentException e) {
      // As if it had ended without a word: after GO nothing leads back.
    }
    ended = true;
    out.finish();
    err.finish();
    return exit.isPresent() ? exit : OptionalInt.of(brokenOff());
  }

  /** Empty if it broke off. */
  private OptionalInt toEnd() throws IOException {
    while (true) {
      Frame frame = link.read();
      if (frame == null) {
        return OptionalInt.empty();
      }
      switch (frame.kind()) {
        case OUT -> out.write(frame.body());
        case ERR -> err.write(frame.body());
        case WANT -> {
          int most = frame.number();
          Thread.ofPlatform().daemon().start(() -> read(most));
        }
        case EXIT -> {
          return OptionalInt.of(frame.number());
        }
        default -> throw new IOException("unexpected: " + frame.kind());
      }
    }
  }

  private int brokenOff() {
    whenBrokenOff.run();
    System.err.println(
        "weft: the resident process ended in the middle of this command; what it asked of the mesh may"
            + " have been done (weft list; WEFT_RESIDENT=off does without it)");
    boolean passesOn =
        arguments.getFirst().equals("run")
            || (arguments.size() > 1 && arguments.get(1).equals("exec"));
    return passesOn ? BROKEN : FAILED;
  }

  /** Asked for one at a time. */
  private void read(int most) {
    byte[] bytes = new byte[Math.clamp(most, 1, FrameLink.LARGEST_DATA)];
    String failure = "";
    int count = 0;
    try {
      count = Math.max(0, in.read(bytes));
    } catch (IOException e) {
      failure = Objects.requireNonNullElse(e.getMessage(), "can't be read");
    }
    try {
      if (failure.isEmpty()) {
        link.write(FrameKind.INPUT, bytes, 0, count);
      } else {
        link.write(FrameKind.INPUT_BROKEN, failure);
      }
    } catch (IOException e) {
      // Nobody asks any more.
    }
  }

  private synchronized void signalled(String name, int code) {
    if (ended) {
      Runtime.getRuntime().halt(code);
    }
    signals++;
    try {
      link.write(FrameKind.SIGNAL, name);
    } catch (IOException e) {
      Runtime.getRuntime().halt(code);
    }
    if (signals > 1) {
      Thread.ofPlatform().daemon().start(() -> leave(code));
    }
  }

  private static void leave(int code) {
    try {
      Thread.sleep(SECOND_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code);
  }
}
