package dev.weft.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What two processes must have in common. */
class SettingTest {
  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void controlGroupIsPartOfIt() throws Exception {
    Path program = Files.writeString(folder.resolve("weft-cli.jar"), "one build");

    assertThat(Setting.of(program, Map.of()))
        .contains("cgroup=" + Files.readString(Path.of("/proc/self/cgroup")));
  }

  @Test
  void localeAndTimeZoneArePartOfItAndTokensAreNot() throws Exception {
    Path program = Files.writeString(folder.resolve("weft-cli.jar"), "one build");

    assertThat(
            Setting.of(
                program, Map.of("LC_TIME", "C", "LANG", "de", "TZ", "UTC", "WEFT_TOKEN", "secret")))
        .contains("LC_TIME=C", "LANG=de", "TZ=UTC")
        .doesNotContain("secret");
  }
}
