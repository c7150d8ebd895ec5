package dev.weft.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArtifactConfigTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "weft.node-id", "artifact-1",
          "weft.mesh.port", "7180",
          "weft.mesh.cert-file", "/c/cert.pem",
          "weft.mesh.key-file", "/c/key.pem",
          "weft.mesh.ca-file", "/c/ca.pem",
          "weft.artifact.directory", "/blobs");

  @Test
  void defaultsArePinned() {
    ArtifactConfig config = config(Map.of());
    ArtifactConfig.Artifact artifact = config.artifact();

    assertThat(config.stopGrace()).isEqualTo(Duration.ofSeconds(5));
    assertThat(artifact.directory()).contains(Path.of("/blobs"));
    assertThat(artifact.mostBytes().asLongValue()).isEqualTo(10L << 30);
    assertThat(artifact.keepFree().asLongValue()).isEqualTo(512L << 20);
    assertThat(artifact.lifetime()).isEqualTo(Duration.ofHours(24));
    assertThat(artifact.grace()).isEqualTo(Duration.ofHours(1));
    assertThat(artifact.sweepInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(artifact.scanInterval()).isEqualTo(Duration.ofHours(6));
    assertThat(artifact.mostTransfers()).isEqualTo(256);
    assertThat(artifact.stallLimit()).isEqualTo(Duration.ofMinutes(1));
    assertThat(artifact.leaseMemory()).isEqualTo(Duration.ofSeconds(2));
    assertThat(artifact.cacheBytes().asLongValue()).isEqualTo(16L << 20);
    assertThat(artifact.redisLifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.s3().bucket()).isEmpty();
    assertThat(config.s3().prefix()).isEqualTo("weft/");
    assertThat(config.s3().region()).isEqualTo("us-east-1");
    assertThat(config.s3().pathStyle()).isFalse();
    assertThat(config.s3().timeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(ArtifactSettings.of(artifact).limits().mostBytes()).isEqualTo(10L << 30);
  }

  @ParameterizedTest
  @CsvSource({
    "most-bytes, 0",
    "grace, 0s",
    "lifetime, 0s",
    "lifetime, 366d",
    "sweep-interval, 0s",
    "scan-interval, -1s",
    "most-transfers, 0",
    "stall-limit, 0s",
    "lease-memory, 6s"
  })
  void nonsenseIsRefused(String name, String value) {
    ArtifactConfig config = config(Map.of("weft.artifact." + name, value));

    assertThatThrownBy(() -> ArtifactSettings.of(config.artifact())).hasMessageContaining(name);
  }

  private static ArtifactConfig config(Map<String, String> more) {
    Map<String, String> values = new HashMap<>(LEAST);
    values.putAll(more);
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withConverter(MemorySize.class, 200, new MemorySizeConverter())
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(ArtifactConfig.class)
            .withSources(new PropertiesConfigSource(values, "test", 500))
            .build();
    return config.getConfigMapping(ArtifactConfig.class);
  }
}
