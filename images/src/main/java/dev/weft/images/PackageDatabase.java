package dev.weft.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which package of this machine a file belongs to, as dpkg knows it. */
final class PackageDatabase {
  private static final Path OS_RELEASE = Path.of("/etc/os-release");

  private final String vendor;
  private final String distribution;
  private final Map<Path, SystemPackage> owners = new HashMap<>();
  private final Map<String, SystemPackage> packages = new HashMap<>();

  PackageDatabase() {
    Map<String, String> release = release();
    vendor = release.getOrDefault("ID", "linux");
    distribution = vendor + "-" + release.getOrDefault("VERSION_ID", "unknown");
  }

  /** Whose file it is; a file that nobody owns can't be told of, so it isn't shipped. */
  SystemPackage owner(Path file) {
    return owners.computeIfAbsent(file, this::find);
  }

  /** All files of an installed package. */
  List<Path> files(String name) {
    return SystemCommand.run("dpkg-query", "-L", name)
        .require("package " + name + " isn't installed (apt install " + name + ")")
        .lines()
        .filter(line -> line.startsWith("/"))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .toList();
  }

  private SystemPackage find(Path file) {
    for (Path name : names(file)) {
      Optional<String> owner =
          SystemCommand.run("dpkg-query", "-S", name.toString())
              .output()
              .lines()
              .filter(line -> line.endsWith(": " + name) && !line.startsWith("diversion by"))
              .map(line -> line.substring(0, line.indexOf(": ")))
              .findFirst();
      if (owner.isPresent()) {
        return packages.computeIfAbsent(owner.get(), this::describe);
      }
    }
    throw new ImageException(file + ": no package owns it (expected: a Debian or Ubuntu machine)");
  }

  private SystemPackage describe(String name) {
    String[] fields =
        SystemCommand.run("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}", name)
            .require("dpkg-query " + name)
            .strip()
            .split("\t");
    return new SystemPackage(vendor, distribution, fields[0], fields[1], fields[2]);
  }

  /** The same file's names: through links, and with and without /usr, which dpkg takes apart. */
  static Set<Path> names(Path file) {
    Set<Path> names = new LinkedHashSet<>();
    for (Path path : Stream.of(file, real(file)).toList()) {
      names.add(path);
      names.add(
          path.startsWith("/usr")
              ? Path.of("/").resolve(Path.of("/usr").relativize(path))
              : Path.of("/usr").resolve(Path.of("/").relativize(path)));
    }
    return names;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> release() {
    Map<String, String> values = new HashMap<>();
    try (Stream<String> lines = Files.lines(OS_RELEASE)) {
      lines
          .map(line -> line.split("=", 2))
          .filter(parts -> parts.length == 2)
          .forEach(parts -> values.put(parts[0], parts[1].replace("\"", "")));
    } catch (IOException e) {
      throw new ImageException(OS_RELEASE + ": can't be read (expected: a Debian or Ubuntu)", e);
    }
    return values;
  }
}
