package dev.weft.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the command line has around it.
 *
 * @param root the checkout, with the built services in it
 * @param environment of the process
 * @param terminal whether a person looks at stderr
 */
public record Context(
    Path root,
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal) {
  public Context {
    environment = Map.copyOf(environment);
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

  @Override
  public String toString() {
    return "Context[root=" + root + "]"; // The environment may hold a token.
  }
}
