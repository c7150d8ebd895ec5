package dev.weft.cli;

import com.google.protobuf.ByteString;
import dev.weft.cli.client.OutputSink;
import dev.weft.proto.artifacts.v1.OutputGap;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** Gives a task's output to this process's own stdout and stderr, byte by byte, at once. */
final class TerminalSink implements OutputSink {

  /** Which of the two are wanted. */
  enum Streams {
    STDOUT,
    STDERR,
    BOTH
  }

  /** Whoever read our stdout has gone. */
  static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Context context;
  private final Streams streams;
  private final boolean quiet;

  TerminalSink(Context context, Streams streams, boolean quiet) {
    this.context = context;
    this.streams = streams;
    this.quiet = quiet;
  }

  @Override
  public void write(boolean stderr, ByteString data) {
    if (streams == (stderr ? Streams.STDOUT : Streams.STDERR)) {
      return;
    }
    PrintStream to = stderr ? context.err() : context.out();
    try {
      data.writeTo(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A PrintStream never throws it.
    }
    if (to.checkError() && !stderr) { // Flushes, too.
      throw new ReaderGone();
    }
  }

  @Override
  public void attempt(int number) {
    if (!quiet) {
      context.err().println("weft: attempt " + number + " begins; its output starts anew");
    }
  }

  @Override
  public void gap(OutputGap gap) {
    context
        .err()
        .println(
            "weft: output is missing here: chunks %d to %d of attempt %d (%s)"
                .formatted(
                    gap.getFromNumber(), gap.getToNumber(), gap.getAttempt(), gap.getReason()));
  }
}
