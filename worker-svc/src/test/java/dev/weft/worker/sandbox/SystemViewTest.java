package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemViewTest {

  @Test
  void eachVersionOfDebiansJavaHasItsSettings(@TempDir Path etc) throws IOException {
    for (String name : new String[] {"java-17-openjdk", "java-25-openjdk", "java", "javascript"}) {
      Files.createDirectory(etc.resolve(name));
    }

    assertThat(SystemView.javaSettings(etc))
        .containsExactly(etc.resolve("java-17-openjdk"), etc.resolve("java-25-openjdk"));
  }
}
