package dev.weft.cli;

import dev.weft.cli.output.Amounts;
import dev.weft.cli.tree.PackProgress;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * How far bytes are, on stderr: one line that is written over where a person looks at it, else a
 * line now and then.
 */
final class ProgressLine implements PackProgress {
  private static final long REDRAW = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE = TimeUnit.SECONDS.toNanos(5);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private final String verb;
  private long next;
  private boolean drawn;

  private ProgressLine(PrintStream err, boolean terminal, String verb) {
    this.err = err;
    this.terminal = terminal;
    this.verb = verb;
    this.next = System.nanoTime() + (terminal ? REDRAW : LINE);
  }

  /**
   * Tells, unless quiet.
   *
   * @param verb for example "sending"
   */
  static PackProgress of(Context context, boolean quiet, String verb) {
    return quiet ? SILENT : new ProgressLine(context.err(), context.terminal(), verb);
  }

  @Override
  public void packed(int files) {
    show("packing: " + files + " files");
  }

  @Override
  public synchronized void moved(long bytes, long all) {
    boolean end = bytes == all;
    if (end && drawn) {
      err.print(CLEAR);
      err.flush();
      drawn = false;
    } else if (!end) {
      String of = all > 0 ? " of " + Amounts.size(all) : "";
      show(verb + ": " + Amounts.size(bytes) + of);
    }
  }

  private synchronized void show(String text) {
    long now = System.nanoTime();
    if (now - next < 0) {
      return;
    }
    next = now + (terminal ? REDRAW : LINE);
    if (terminal) {
      err.print(CLEAR + "weft: " + text);
      drawn = true;
    } else {
      err.println("weft: " + text);
    }
    err.flush();
  }
}
