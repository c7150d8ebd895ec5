package dev.weft.platform.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.platform.error.Reason;
import dev.weft.platform.grpc.MeshReason;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorCatalogueTest {

  private enum SampleReason implements Reason {
    WRITTEN_DOWN,
    WRONG_CODE,
    NOT_IN_THE_TABLE;

    @Override
    public Code code() {
      return Code.NOT_FOUND;
    }
  }

  @Test
  void aMissingRowAndAWrongCodeAreFound() {
    Map<String, String> rows = Map.of("WRITTEN_DOWN", "NOT_FOUND", "WRONG_CODE", "ABORTED");

    assertThat(ErrorCatalogue.faults(SampleReason.class, rows))
        .containsExactly(
            "WRONG_CODE is NOT_FOUND in code, ABORTED in the table", "NOT_IN_THE_TABLE has no row");
  }

  @Test
  void theTableIsReadFromTheDocumentation() {
    assertThat(ErrorCatalogue.rows())
        .containsEntry("NOT_HOLDER", "FAILED_PRECONDITION")
        .hasSizeGreaterThan(50);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> ErrorCatalogue.verify(SampleReason.class));
  }

  @Test
  void aReasonWithTwoRowsIsRefused() {
    String row = "| `A_REASON` | ABORTED | meaning | action |";

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> ErrorCatalogue.rows(List.of(row, row)))
        .withMessageContaining("A_REASON has two rows");
  }

  @Test
  void everyReasonOfTheMeshPortIsInTheDocumentedTable() {
    ErrorCatalogue.verify(MeshReason.class);
  }
}
