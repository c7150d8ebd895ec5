package dev.weft.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Brings Redis, Consul and bubblewrap: Debian's packages, or for Redis a jar of the Maven registry.
 */
final class PackageFetcher {
  private static final String CONSUL_VERSION = "1.8.7";

  /** Where that release of Debian is served, and where it goes when it is old. */
  private static final List<String> CONSUL_SOURCES =
      List.of(
          "http://deb.debian.org/debian bullseye main",
          "http://archive.debian.org/debian bullseye main");

  private static final Map<String, String> CONSUL_SHA256 =
      Map.of(
          "amd64", "e4e888bba104daba1d9161f49bfc52649a7e4efd45b1a7ead5bc54f2cb9c89d9",
          "arm64", "7318cfa77a7ba6f71dd096e44353279de246ffc6561216ace42353685dcf8255");

  private static final MavenArtifact REDIS_JAR =
      new MavenArtifact(
          "com.github.codemonstur",
          "embedded-redis",
          "1.4.3",
          "ffbc63265c60d25dee453d6f656b527d98200d98657c6a0ab4dec4ea2c3a5cd6");

  private final CacheDirectory cache;

  PackageFetcher(CacheDirectory cache) {
    this.cache = cache;
  }

  /** Fetched before. */
  Optional<Binary> cached(Tool tool) {
    return cache.existing(folder(tool)).map(folder -> binary(tool, folder));
  }

  Binary fetch(Tool tool) {
    return binary(
        tool,
        cache.filled(
            folder(tool),
            folder -> {
              switch (tool) {
                case REDIS -> redis(folder);
                case CONSUL -> consul(folder);
                case BUBBLEWRAP -> debian(tool, List.of("bubblewrap"), folder);
                case POSTGRES -> throw new IllegalArgumentException("POSTGRES has its own fetcher");
              }
              requireRunnable(tool, folder);
            }));
  }

  private static void redis(Path folder) {
    if (DebianPackages.available()) {
      debian(Tool.REDIS, List.of("redis-server", "redis-tools"), folder);
    } else {
      redisFromJar(folder);
    }
  }

  private static void redisFromJar(Path folder) {
    Path jar = REDIS_JAR.fetchInto(folder);
    String suffix = (SystemTools.linux() ? "linux-" : "darwin-") + SystemTools.architecture();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      var entry =
          zip.stream()
              .filter(candidate -> candidate.getName().matches("redis-server-.*-" + suffix))
              .findFirst()
              .orElseThrow(() -> new PartsException(missing(Tool.REDIS, "no build for " + suffix)));
      Path program = folder.resolve("usr/bin/redis-server");
      Files.createDirectories(program.getParent());
      Files.copy(zip.getInputStream(entry), program);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.delete(jar);
    } catch (IOException e) {
      throw new PartsException(missing(Tool.REDIS, e.getMessage()), e);
    }
  }

  private static void consul(Path folder) {
    String sha256 = CONSUL_SHA256.get(SystemTools.architecture());
    if (!DebianPackages.available() || sha256 == null) {
      throw new PartsException(
          missing(Tool.CONSUL, "it can be fetched only with apt-get, on amd64 and arm64"));
    }
    StringJoiner failures = new StringJoiner("; ");
    for (String source : CONSUL_SOURCES) {
      try {
        DebianPackages.unpackPinned("consul", source, sha256, folder);
        return;
      } catch (PartsException e) {
        failures.add(source + ": " + e.getMessage());
      }
    }
    throw new PartsException(missing(Tool.CONSUL, failures.toString()));
  }

  private static void debian(Tool tool, List<String> packages, Path folder) {
    if (!DebianPackages.available()) {
      throw new PartsException(missing(tool, "it can be fetched only with apt-get"));
    }
    try {
      DebianPackages.unpackFromSystemSources(packages, folder);
    } catch (PartsException e) {
      throw new PartsException(missing(tool, e.getMessage()), e);
    }
  }

  private static void requireRunnable(Tool tool, Path folder) {
    Binary binary = binary(tool, folder);
    if (!binary.runs()) {
      throw new PartsException(missing(tool, "what was fetched doesn't run: " + binary.version()));
    }
  }

  private static String missing(Tool tool, @Nullable String why) {
    return "%s is missing and can't be fetched: %s. Install it (apt install %s, dnf install %s, brew install %s)"
        .formatted(tool.title(), why, tool.packageName(), tool.packageName(), tool.packageName());
  }

  private static String folder(Tool tool) {
    String version = tool == Tool.CONSUL ? "-" + CONSUL_VERSION : "";
    return tool.packageName() + version + "-" + SystemTools.architecture();
  }

  private static Binary binary(Tool tool, Path folder) {
    String libraries = libraryFolders(folder).map(Path::toString).collect(Collectors.joining(":"));
    return new Binary(
        folder.resolve("usr/bin").resolve(tool.program()),
        libraries.isEmpty() ? Map.of() : Map.of("LD_LIBRARY_PATH", libraries),
        "cache");
  }

  private static Stream<Path> libraryFolders(Path folder) {
    return Stream.of("usr/lib", "lib")
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .flatMap(PackageFetcher::withChildren);
  }

  private static Stream<Path> withChildren(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      return children
          .filter(child -> child.getFileName().toString().endsWith("-linux-gnu"))
          .toList()
          .stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }
}
