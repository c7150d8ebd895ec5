package dev.weft.cli.resident;

import dev.weft.cli.Context;
import dev.weft.cli.ExitCodes;
import dev.weft.cli.Signals;
import dev.weft.cli.Weft;
import dev.weft.cli.relay.Frame;
import dev.weft.cli.relay.FrameKind;
import dev.weft.cli.relay.FrameLink;
import dev.weft.cli.relay.Hello;
import dev.weft.cli.relay.ProcessSignal;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One command of another process, from its GO to its exit code. A signal that the command does not
 * handle ends it, as it would end a process; that the other side vanishes is a hang-up.
 */
final class ServedCommand implements Signals {
  private static final int PRINTED_TOGETHER = 8192;

  private final FrameLink link;
  private final Hello hello;
  private final CreditedOutput out;
  private final CreditedOutput err;
  private final PulledInput in;
  private final Map<String, Runnable> handlers = new ConcurrentHashMap<>();
  private @Nullable Thread worker;
  private boolean ended;

  ServedCommand(FrameLink link, Hello hello) {
    this.link = link;
    this.hello = hello;
    this.out = new CreditedOutput(link, FrameKind.OUT);
    this.err = new CreditedOutput(link, FrameKind.ERR);
    this.in = new PulledInput(link);
  }

  /**
   * Begins it in a thread of its own.
   *
   * @param root the checkout
   * @param whenOver runs at its very end, which may come after the other side has gone
   */
  synchronized void begin(Path root, Runnable whenOver) {
    worker =
        Thread.ofPlatform()
            .daemon()
            .name("weft-command")
            .start(
                () -> {
                  try {
                    execute(root);
                  } finally {
                    whenOver.run();
                  }
                });
  }

  private void execute(Path root) {
    Charset charset = Charset.forName(System.getProperty("native.encoding"));
    PrintStream stdout = printer(out, charset);
    PrintStream stderr = printer(err, charset);
    int code = ExitCodes.FAILED;
    try {
      Context.Streams streams =
          new Context.Streams(new BufferedInputStream(in), stdout, stderr, hello.terminal());
      Context context =
          new Context(root, Path.of(hello.directory()), hello.environment(), streams, this);
      code = Weft.execute(context, hello.arguments().toArray(String[]::new));
    } catch (RuntimeException | LinkageError e) {
      e.printStackTrace(stderr); // As at the end of a process.
    } finally {
      stdout.flush();
      stderr.flush();
      leave(code);
    }
  }

  private static PrintStream printer(CreditedOutput to, Charset charset) {
    return new PrintStream(new BufferedOutputStream(to, PRINTED_TOGETHER), true, charset);
  }

  /** Hears the other side until it is silent for ever. */
  void listen() throws IOException {
    try {
      for (Frame frame = link.read(); frame != null; frame = link.read()) {
        heard(frame);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    } finally {
      out.over();
      err.over();
      in.broken(new InterruptedIOException("nobody is there to be read"));
      signal("HUP");
    }
  }

  private void heard(Frame frame) throws IOException {
    switch (frame.kind()) {
      case OUT_WRITTEN -> out.written(frame.number());
      case ERR_WRITTEN -> err.written(frame.number());
      case OUT_BROKEN -> out.over();
      case ERR_BROKEN -> err.over();
      case INPUT -> in.arrived(frame.body());
      case INPUT_BROKEN -> in.broken(new IOException(frame.text()));
      case SIGNAL -> signal(frame.text());
      default -> throw new IOException("unexpected: " + frame.kind());
    }
  }

  private void signal(String name) {
    if (hasEnded()) {
      return; // It is the end that was heard.
    }
    Integer code = ProcessSignal.CODES.get(name);
    Runnable handler = handlers.get(name);
    if (handler != null) {
      // Its own thread, since what it prints may have to wait for what is heard here.
      Thread.ofVirtual().name("weft-signal").start(handler);
    } else if (code != null) {
      leave(code);
    }
  }

  @Override
  public void handle(String name, Runnable action) {
    handlers.put(name, action);
  }

  /** The first code counts. What the command still does is broken off. */
  @Override
  public void leave(int code) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    try {
      link.write(FrameKind.EXIT, code);
    } catch (IOException e) {
      // It has gone.
    }
    out.over();
    err.over();
    in.broken(new InterruptedIOException("the command is over"));
    breakOff();
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  private synchronized void breakOff() {
    if (worker != null && !worker.equals(Thread.currentThread())) {
      worker.interrupt();
    }
  }
}
