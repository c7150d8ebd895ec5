package dev.weft.images;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What programs and libraries load when they start, by the word of this machine's own loader. */
final class SharedLibraries {
  private static final Pattern FOUND = Pattern.compile("\\s(/\\S+) \\(0x[0-9a-f]+\\)");
  private static final Pattern MISSING = Pattern.compile("(\\S+) => not found");

  private SharedLibraries() {}

  /**
   * @param files programs and libraries
   * @return with the loader itself, without the files
   */
  static SortedSet<Path> of(Collection<Path> files) {
    Set<String> names =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    SortedSet<Path> all = new TreeSet<>();
    for (Path file : files) {
      SystemCommand ldd = SystemCommand.run("ldd", file.toString());
      if (!ldd.succeeded() && !ldd.output().contains("not a dynamic executable")) {
        throw new ImageException("ldd " + file + ": " + ldd.output().strip());
      }
      // Libraries of the JVM find each other only once the launcher has loaded the first.
      missing(ldd.output())
          .filter(name -> !names.contains(name))
          .ifPresent(
              name -> {
                throw new ImageException(file + " needs " + name + ", which isn't installed");
              });
      all.addAll(found(ldd.output()));
    }
    all.removeAll(files);
    return all;
  }

  static SortedSet<Path> found(String ldd) {
    return FOUND
        .matcher(ldd)
        .results()
        .map(match -> Path.of(match.group(1)).normalize())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Optional<String> missing(String ldd) {
    Matcher matcher = MISSING.matcher(ldd);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
