package dev.weft.cli.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a process can't change about itself, as text: a command may run in another process only if
 * both have the same, else it would see other files, write other modes or say other things.
 */
public final class Setting {
  private static final List<String> PROPERTIES =
      List.of(
          "java.home",
          "java.vm.version",
          "sun.jnu.encoding",
          "native.encoding",
          "weft.root",
          "weft.umask");
  private static final List<String> NAMESPACES = List.of("mnt", "net", "user");

  private Setting() {}

  /**
   * Of this process.
   *
   * @param jar the program, whose stamp tells one build from another
   */
  public static String of(Path jar, Map<String, String> environment) throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (String name : PROPERTIES) {
      all.put(name, System.getProperty(name, ""));
    }
    for (String name : NAMESPACES) {
      all.put(name, namespace(name));
    }
    environment.forEach(
        (name, value) -> {
          if (holds(name)) {
            all.put(name, value);
          }
        });
    all.put("cgroup", controlGroup());
    all.put("build", stamp(jar));
    return all.toString();
  }

  /** Whether this variable is part of it. */
  public static boolean holds(String variable) {
    return variable.equals("TZ") || variable.startsWith("LANG") || variable.startsWith("LC_");
  }

  /** Changes when the file is written or replaced. */
  public static String stamp(Path jar) throws IOException {
    BasicFileAttributes file = Files.readAttributes(jar, BasicFileAttributes.class);
    return jar
        + " "
        + file.size()
        + " "
        + file.lastModifiedTime().toMillis()
        + " "
        + file.fileKey();
  }

  /** With it a process is limited, held and killed; empty on systems without. */
  private static String controlGroup() {
    try {
      return Files.readString(Path.of("/proc/self/cgroup"));
    } catch (IOException e) {
      return "";
    }
  }

  /** Empty on systems without. */
  private static String namespace(String name) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns", name)).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
