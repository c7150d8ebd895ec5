package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryFinderTest {
  @TempDir Path directory;

  @Test
  void programOnThePathWins() throws IOException {
    Path consul = executable("bin/consul");

    Binary found = finder(true, consul.getParent()).find(Tool.CONSUL).orElseThrow();

    assertThat(found.executable()).isEqualTo(consul);
    assertThat(found.origin()).isEqualTo("system");
  }

  @Test
  void postgresWithoutInitdbBesideItDoesNotCount() throws IOException {
    Path lonely = executable("bin/postgres");

    assertThat(finder(true, lonely.getParent()).find(Tool.POSTGRES).map(Binary::executable))
        .isNotEqualTo(Optional.of(lonely));
  }

  @Test
  void fetchedProgramIsFoundAgainInTheCache() throws IOException {
    Path program =
        executable("cache/consul-1.8.7-" + SystemTools.architecture() + "/usr/bin/consul");

    Binary found = finder(false, directory).find(Tool.CONSUL).orElseThrow();

    assertThat(found.executable()).isEqualTo(program);
    assertThat(found.origin()).isEqualTo("cache");
  }

  @Test
  void folderBecomesVisibleOnlyWhenItIsComplete() {
    CacheDirectory cache = new CacheDirectory(directory);

    assertThatThrownBy(
            () ->
                cache.filled(
                    "half",
                    folder -> {
                      throw new PartsException("broken off");
                    }))
        .hasMessage("broken off");

    assertThat(cache.existing("half")).isEmpty();
    assertThat(directory).isDirectoryNotContaining("glob:**/fetching-*");
  }

  @Test
  void concurrentFetchersFillAFolderOnce() throws Exception {
    CacheDirectory cache = new CacheDirectory(directory);
    AtomicInteger fills = new AtomicInteger();
    Callable<Path> fetch = () -> cache.filled("tool", folder -> fills.incrementAndGet());

    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Path> path : executor.invokeAll(List.of(fetch, fetch, fetch, fetch))) {
        assertThat(path.get()).isDirectory();
      }
    }

    assertThat(fills).hasValue(1);
  }

  @Test
  void wrongChecksumIsRefused() throws IOException {
    MavenArtifact artifact = new MavenArtifact("org.tukaani", "xz", "1.12", "0".repeat(64));

    assertThatThrownBy(() -> artifact.fetchInto(directory))
        .isInstanceOf(PartsException.class)
        .hasMessageContaining("(expected: " + "0".repeat(64) + ")");
  }

  private BinaryFinder finder(boolean system, Path onPath) {
    return new BinaryFinder(
        Map.of("PATH", onPath.toString()), new CacheDirectory(directory.resolve("cache")), system);
  }

  private Path executable(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
