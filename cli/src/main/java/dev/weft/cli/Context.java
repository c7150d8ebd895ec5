package dev.weft.cli;

import dev.weft.cli.relay.OwnFiles;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the command line has around it.
 *
 * @param root the checkout, with the built services in it
 * @param directory to which names of files are relative
 * @param environment of the process
 */
public record Context(
    Path root, Path directory, Map<String, String> environment, Streams streams, Signals signals) {
  /**
   * Where a command reads and prints.
   *
   * @param terminal whether a person looks at stderr
   */
  public record Streams(InputStream in, PrintStream out, PrintStream err, boolean terminal) {}

  public Context {
    environment = Map.copyOf(environment);
  }

  /** Within this process and its directory. */
  public Context(
      Path root,
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err,
      boolean terminal) {
    this(
        root,
        Path.of(""), // So that messages name files as they were typed.
        environment,
        new Streams(in, out, err, terminal),
        Signals.OF_PROCESS);
  }

  static Context ofProcess() {
    String root = System.getProperty("weft.root", "");
    return new Context(
        Path.of(root).toAbsolutePath().normalize(),
        System.getenv(),
        System.in,
        System.out,
        System.err,
        Boolean.getBoolean("weft.terminal"));
  }

  public InputStream in() {
    return streams.in();
  }

  public PrintStream out() {
    return streams.out();
  }

  public PrintStream err() {
    return streams.err();
  }

  public boolean terminal() {
    return streams.terminal();
  }

  /**
   * A file by the name that was typed.
   *
   * @throws IllegalArgumentException if it would be another file here than where it was typed
   */
  Path path(String name) {
    Path file = directory.resolve(name);
    if (!signals.equals(Signals.OF_PROCESS) && OwnFiles.areMeantBy(file)) {
      throw new IllegalArgumentException(
          name
              + ": means another file in each process (expected: a file, or WEFT_RESIDENT=off for a"
              + " process of its own)");
    }
    return file;
  }

  @Override
  public String toString() {
    return "Context[root=" + root + "]"; // The environment may hold a token.
  }
}
