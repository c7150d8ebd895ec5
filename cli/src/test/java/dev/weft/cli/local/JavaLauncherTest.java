package dev.weft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaLauncherTest {
  @TempDir Path directory;

  @Test
  void optionsOfTheUserComeLastAndStayOutOfTheEnvironment() throws IOException {
    Launch launch =
        launch(
            Map.of(
                "WEFT_JAVA_OPTIONS", " -Xmx1g  -XX:TieredStopAtLevel=1", "WEFT_STOP_GRACE", "1s"));

    assertThat(launch.command())
        .containsSubsequence("-Xmx96m", "-Xmx1g", "-XX:TieredStopAtLevel=1", "-jar")
        .doesNotContain("");
    assertThat(launch.environment())
        .containsEntry("WEFT_STOP_GRACE", "1s")
        .doesNotContainKey("WEFT_JAVA_OPTIONS");
  }

  @Test
  void withoutThemNothingIsAdded() throws IOException {
    assertThat(launch(Map.of()).command())
        .filteredOn(option -> option.startsWith("-Xmx"))
        .containsExactly("-Xmx96m");
  }

  private Launch launch(Map<String, String> environment) throws IOException {
    Path jar = directory.resolve("registry-svc/target/quarkus-app/quarkus-run.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "");
    ServicePlan plan =
        new ServicePlan(
            "registry-0",
            "registry",
            "registry-svc",
            96,
            Map.of(),
            Map.of("http", 1),
            URI.create("http://127.0.0.1:1/q/health/ready"),
            false);
    return new JavaLauncher(
            directory,
            new HomeDirectory(directory.resolve("home")),
            environment,
            new BinaryFinder(environment))
        .launch(plan);
  }
}
