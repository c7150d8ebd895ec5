package dev.weft.parts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One child process, started here or attached to by its stamp. Safe for concurrent use. */
public final class ChildProcess {
  private static final int LOG_TAIL = 2000;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Set<ChildProcess> OWNED = ConcurrentHashMap.newKeySet();

  /**
   * Linux ends a child when the thread that started it ends, so one thread that lives as long as
   * the JVM starts them all.
   */
  private static final ExecutorService LAUNCHER =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("weft-launcher").daemon(true).factory());

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::killOwned, "weft-parts-exit"));
  }

  private final ProcessStamp stamp;
  private final Path log;

  private ChildProcess(ProcessStamp stamp, Path log) {
    this.stamp = stamp;
    this.log = log;
  }

  /** Starts it; returns once the process exists, not once it is ready. */
  public static ChildProcess start(Launch launch) {
    try {
      ChildProcess child = LAUNCHER.submit(() -> launch(launch)).get();
      if (launch.lifetime() == Lifetime.OWNER) {
        OWNED.add(child);
      }
      return child;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PartsException(
          "can't start " + launch.command().getFirst() + ": " + cause.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartsException("interrupted while starting " + launch.command().getFirst(), e);
    }
  }

  /** Takes over a process that an earlier JVM started; it may have ended meanwhile. */
  public static ChildProcess attach(ProcessStamp stamp, Path log) {
    return new ChildProcess(stamp, log);
  }

  public ProcessStamp stamp() {
    return stamp;
  }

  public Path log() {
    return log;
  }

  public boolean isRunning() {
    return stamp.isRunning();
  }

  /**
   * Sends a signal by its name, for example {@code INT}; nothing happens if the process has ended.
   */
  public void signal(String name) {
    if (isRunning()) {
      CommandResult.run(List.of("sh", "-c", "kill -" + name + " " + stamp.pid()));
    }
  }

  /**
   * Asks by the signal, waits, and kills the whole tree if it is still there after the grace.
   *
   * @return whether it ended by itself
   */
  public boolean stop(String signal, Duration grace) {
    signal(signal);
    boolean byItself = awaitExit(grace);
    if (!byItself) {
      kill();
    }
    OWNED.remove(this);
    return byItself;
  }

  /** SIGKILL to the process, then to those of its descendants that it had. */
  public void kill() {
    if (isRunning()) {
      ProcessHandle.of(stamp.pid())
          .ifPresent(
              root -> {
                List<ProcessHandle> tree = root.descendants().toList();
                root.destroyForcibly();
                tree.forEach(ProcessHandle::destroyForcibly);
              });
      awaitExit(Duration.ofSeconds(10));
    }
    OWNED.remove(this);
  }

  /** Whether it ended within the time. */
  public boolean awaitExit(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (isRunning()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      pause(POLL);
    }
    return true;
  }

  /** The end of what it printed, for error messages. */
  public String logTail() {
    try {
      String text = Files.readString(log, StandardCharsets.ISO_8859_1).strip();
      return text.length() <= LOG_TAIL ? text : "…" + text.substring(text.length() - LOG_TAIL);
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartsException("interrupted while waiting for a child process", e);
    }
  }

  private static ChildProcess launch(Launch launch) throws IOException {
    // The wrappers would start, and only then fail.
    Path program = Path.of(launch.command().getFirst());
    if (program.isAbsolute() && !Files.isExecutable(program)) {
      throw new IOException("no such program, or not executable");
    }
    Path log = launch.log();
    Files.createDirectories(log.toAbsolutePath().getParent());
    if (Files.exists(log)) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder =
        new ProcessBuilder(wrapped(launch))
            .directory(launch.directory().toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    Process process = builder.start();
    ProcessStamp stamp =
        ProcessStamp.of(process.pid())
            .orElseThrow(
                () ->
                    new IOException(
                        "it ended at once; "
                            + new ChildProcess(new ProcessStamp(process.pid(), ""), log)
                                .logTail()));
    return new ChildProcess(stamp, log);
  }

  /** Each wrapper replaces itself by the next, so the pid stays. */
  private static List<String> wrapped(Launch launch) {
    List<String> command = new ArrayList<>();
    // A session of its own: a Ctrl-C in the terminal reaches only the owner, which stops in order.
    SystemTools.path("setsid").ifPresent(path -> command.add(path.toString()));
    List<String> inner = launch.command();
    if (launch.account().isPresent()) {
      inner = launch.account().get().wrap(inner);
    }
    if (launch.lifetime() != Lifetime.DETACHED && SystemTools.path("setpriv").isPresent()) {
      String signal = launch.lifetime() == Lifetime.OWNER ? "KILL" : "TERM";
      // After a change of account the kernel clears it, so it is said innermost.
      List<String> tied = new ArrayList<>(List.of("setpriv", "--pdeathsig", signal, "--"));
      tied.addAll(launch.command());
      inner = launch.account().map(account -> account.wrap(tied)).orElse(tied);
    }
    command.addAll(inner);
    return command;
  }

  private static void killOwned() {
    OWNED.forEach(ChildProcess::kill);
  }
}
