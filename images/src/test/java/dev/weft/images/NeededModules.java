package dev.weft.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** The modules of the JDK that a jar's classes use. */
final class NeededModules {
  private static final ToolProvider JDEPS = ToolProvider.findFirst("jdeps").orElseThrow();
  private static final Pattern MODULE = Pattern.compile("-> ((?:java|jdk)\\.\\S+)");

  private NeededModules() {}

  /** By its descriptor, which jdeps could read only beside all others; else by its classes. */
  static Set<String> of(Path jar) throws IOException {
    Optional<ModuleDescriptor> described = descriptor(jar);
    if (described.isPresent()) {
      return described.get().requires().stream()
          .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
          .map(Requires::name)
          .filter(name -> name.startsWith("java.") || name.startsWith("jdk."))
          .collect(Collectors.toCollection(TreeSet::new));
    }
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    int status =
        JDEPS.run(
            writer,
            writer,
            "--ignore-missing-deps",
            "--multi-release",
            Integer.toString(Runtime.version().feature()),
            "-s",
            jar.toString());
    if (status != 0) {
      throw new AssertionError(jar + ": " + said);
    }
    return MODULE
        .matcher(said.toString())
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<ModuleDescriptor> descriptor(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile(), false, JarFile.OPEN_READ, Runtime.version())) {
      JarEntry entry = file.getJarEntry("module-info.class");
      if (entry == null) {
        return Optional.empty();
      }
      try (InputStream in = file.getInputStream(entry)) {
        return Optional.of(ModuleDescriptor.read(in));
      }
    }
  }
}
