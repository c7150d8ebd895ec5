package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a bare machine: everything is fetched from public registries and truly runs. */
class FetchIT {
  private static Path directory;
  private static BinaryFinder finder;

  @BeforeAll
  static void emptyCache() {
    directory = TestFiles.openDirectory();
    finder = new BinaryFinder(Map.of(), new CacheDirectory(directory.resolve("cache")), false);
  }

  @AfterAll
  static void delete() {
    CacheDirectory.deleteTree(directory);
  }

  @ParameterizedTest
  @EnumSource(value = Tool.class)
  void fetchedProgramRuns(Tool tool) {
    Binary fetched = finder.require(tool);

    assertThat(fetched.origin()).isEqualTo("cache");
    assertThat(fetched.version()).containsPattern("\\d+\\.\\d+");
    assertThat(finder.require(tool)).isEqualTo(fetched);
  }

  @Test
  void fetchedPostgresServes() throws Exception {
    PostgresSettings settings =
        new PostgresSettings(
            directory.resolve("pg"), FreePort.find(), UUID.randomUUID().toString(), Lifetime.OWNER);
    try (PostgresProcess postgres = PostgresProcess.start(settings, finder)) {
      assertThat(PostgresProcessIT.one(postgres.superuser(), "SHOW server_version"))
          .startsWith("17.");
    }
  }

  @Test
  void fetchedRedisServes() {
    RedisSettings settings =
        new RedisSettings(directory.resolve("redis"), FreePort.find(), "pw", Lifetime.OWNER);
    try (RedisProcess redis = RedisProcess.start(settings, finder)) {
      assertThat(redis.isRunning()).isTrue();
    }
  }
}
