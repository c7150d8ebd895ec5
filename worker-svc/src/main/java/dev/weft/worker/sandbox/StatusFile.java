package dev.weft.worker.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What bubblewrap says of a sandbox: JSON documents, one a line. */
record StatusFile(Path path) {

  private static final Pattern CHILD = Pattern.compile("\"child-pid\": *([0-9]+)");
  private static final Pattern EXIT = Pattern.compile("\"exit-code\": *([0-9]+)");

  /** The sandbox's first process, as the host numbers it. */
  OptionalLong childPid() {
    return find(CHILD);
  }

  /** Set only if the command was really started and has ended by itself. */
  OptionalLong exitCode() {
    return find(EXIT);
  }

  private OptionalLong find(Pattern pattern) {
    try {
      Matcher matcher = pattern.matcher(Files.readString(path));
      return matcher.find()
          ? OptionalLong.of(Long.parseLong(matcher.group(1)))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
