package dev.weft.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The part of the JDK that runs this program which the services need.
 *
 * @param directory where it was linked
 */
record JavaRuntime(Path directory) {
  /** Where it is in an image. */
  static final String HOME = "/opt/java";

  /**
   * What jdeps finds in the services' jars, and what is found by name only: jdk.net (keep-alive of
   * sockets), jdk.zipfs (resources in jars). A test compares.
   */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.desktop",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.rmi",
          "java.security.jgss",
          "java.sql",
          "java.transaction.xa",
          "java.xml",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.unsupported",
          "jdk.zipfs");

  /** Of the collector and the object headers that the class archive is made for, too. */
  static final List<String> ARCHIVED_FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

  /**
   * Links it into a directory that does not exist yet. Debug attributes stay, for the JDK's lines
   * in traces, and because jlink strips them before or after it generates classes, as chance will
   * have it: the same image would have two digests.
   */
  static JavaRuntime link(Path directory) {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(() -> new ImageException("this JDK has no jlink (expected: a whole JDK)"));
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int status =
        jlink.run(
            writer,
            writer,
            "--add-modules",
            String.join(",", MODULES),
            "--output",
            directory.toString(),
            "--compress=zip-6",
            "--no-header-files",
            "--no-man-pages",
            // Only java.beans is used of it; fonts and screens would need X11's libraries.
            "--exclude-files=/java.desktop/lib/*");
    if (status != 0) {
      throw new ImageException("jlink: " + said.toString().strip());
    }
    JavaRuntime runtime = new JavaRuntime(directory);
    runtime.archiveClasses();
    return runtime;
  }

  /** Parsed classes of the JDK itself: what starts need not parse again, and can share. */
  private void archiveClasses() {
    List<String> command = new ArrayList<>(List.of(directory.resolve("bin/java").toString()));
    command.addAll(ARCHIVED_FLAGS);
    command.add("-Xshare:dump");
    SystemCommand.run(command).require("class archive of the linked JDK");
  }

  /** Programs and libraries that the loader brings into memory. */
  List<Path> binaries() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file ->
                  file.toString().endsWith(".so")
                      || file.endsWith("bin/java")
                      || file.endsWith("lib/jspawnhelper"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the JDK that it was linked from says of itself: IMPLEMENTOR and others. */
  static String release(String key) {
    Properties values = new Properties();
    Path file = Path.of(System.getProperty("java.home"), "release");
    try (var reader = Files.newBufferedReader(file)) {
      values.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return values.getProperty(key, "unknown").replace("\"", "");
  }
}
