package dev.weft.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds programs on the PATH and in the usual places, else fetches them once, by package and
 * without root, into the cache.
 */
public final class BinaryFinder {
  private static final List<Path> POSTGRES_PLACES =
      List.of(
          Path.of("/usr/lib/postgresql"),
          Path.of("/usr/local/pgsql"),
          Path.of("/opt/homebrew/opt"));

  private final Map<String, String> environment;
  private final CacheDirectory cache;
  private final boolean system;

  /** Looks on this machine first. */
  public BinaryFinder(Map<String, String> environment) {
    this(environment, CacheDirectory.standard(environment), true);
  }

  /**
   * @param system whether programs of this machine count; without, only the cache does
   */
  public BinaryFinder(Map<String, String> environment, CacheDirectory cache, boolean system) {
    this.environment = Map.copyOf(environment);
    this.cache = cache;
    this.system = system;
  }

  public CacheDirectory cache() {
    return cache;
  }

  /** What is here already: installed, or fetched before. */
  public Optional<Binary> find(Tool tool) {
    return installed(tool).or(() -> cached(tool));
  }

  /**
   * What is here already, else fetched now. The exception says what is missing and how to get it.
   */
  public Binary require(Tool tool) {
    return find(tool).orElseGet(() -> fetch(tool));
  }

  private Optional<Binary> installed(Tool tool) {
    if (!system) {
      return Optional.empty();
    }
    Stream<Path> onPath = SystemTools.path(tool.program(), environment).stream();
    Stream<Path> usual = tool == Tool.POSTGRES ? postgresPlaces() : Stream.empty();
    return Stream.concat(onPath, usual)
        .map(path -> new Binary(path.toAbsolutePath(), Map.of(), "system"))
        .filter(binary -> complete(tool, binary))
        .findFirst();
  }

  private static boolean complete(Tool tool, Binary binary) {
    return tool.companion().isEmpty() || Files.isExecutable(binary.sibling(tool.companion()));
  }

  /** Newest first. */
  private static Stream<Path> postgresPlaces() {
    return POSTGRES_PLACES.stream()
        .filter(Files::isDirectory)
        .flatMap(BinaryFinder::children)
        .sorted(Comparator.comparing(Path::toString).reversed())
        .map(directory -> directory.resolve("bin/postgres"))
        .filter(SystemTools::runnable);
  }

  private static Stream<Path> children(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.toList().stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private Optional<Binary> cached(Tool tool) {
    return tool == Tool.POSTGRES
        ? new PostgresFetcher(cache).cached()
        : new PackageFetcher(cache).cached(tool);
  }

  private Binary fetch(Tool tool) {
    return tool == Tool.POSTGRES
        ? new PostgresFetcher(cache).fetch()
        : new PackageFetcher(cache).fetch(tool);
  }
}
