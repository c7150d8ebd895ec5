package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users read of a failed attempt stands in the table that they look it up in. */
class FailureCatalogueTest {

  @ParameterizedTest
  @EnumSource
  void everyReasonHasARow(FailureReason reason) throws Exception {
    assertThat(Files.readString(Path.of("..", "docs", "errors.md")))
        .contains("| `" + reason.name() + "` |");
  }
}
