package dev.weft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.ProcessStamp;
import dev.weft.parts.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  @TempDir Path directory;
  private Path jar;

  @BeforeEach
  void build() throws IOException {
    jar = Files.writeString(directory.resolve("quarkus-run.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
  }

  @Test
  void onlyTheFirstProcessOfAServiceWrites() {
    assertThat(new ClassArchive(jar).flags(true))
        .singleElement()
        .asString()
        .startsWith("-XX:ArchiveClassesAtExit=");
    assertThat(new ClassArchive(jar).flags(false)).isEmpty();
  }

  @Test
  void whatAProcessWroteIsUsedByTheNext() throws IOException {
    write(true);

    assertThat(new ClassArchive(jar).flags(false))
        .singleElement()
        .asString()
        .startsWith("-XX:SharedArchiveFile=")
        .endsWith(".jsa");
  }

  @Test
  void whatAKilledProcessWroteIsThrownAway() throws IOException {
    write(false);

    assertThat(new ClassArchive(jar).flags(false)).isEmpty();
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void newBuildNeedsANewArchive() throws IOException {
    write(true);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(new ClassArchive(jar).flags(true))
        .singleElement()
        .asString()
        .startsWith("-XX:ArchiveClassesAtExit=");
  }

  private void write(boolean endedByItself) throws IOException {
    String flag = new ClassArchive(jar).flags(true).getFirst();
    Files.writeString(Path.of(flag.substring(flag.indexOf('=') + 1)), "classes");
    Launch launch =
        new Launch(
            List.of("java", flag),
            Map.of(),
            directory,
            directory.resolve("log"),
            Lifetime.DETACHED,
            Optional.empty());
    RunFile process =
        new RunFile("router-0", "router", new ProcessStamp(1, "gone"), launch, Map.of(), "TERM");
    assertThat(ClassArchive.isWrittenBy(process)).isTrue();
    ClassArchive.settle(process, endedByItself);
  }
}
