package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import dev.weft.gateway.domain.NotSupportedYet;
import dev.weft.gateway.testing.LoopbackMesh;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.ListDeadLettersRequest;
import dev.weft.proto.tasks.v1.PurgeDeadLettersRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLettersRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterForwarderTest {

  private static final UnknownFieldSet LATER =
      UnknownFieldSet.newBuilder()
          .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
          .build();
  private static final DeadLetterFilter FILTER =
      DeadLetterFilter.newBuilder().setUnknownFields(LATER).build();

  private final LoopbackMesh mesh = new LoopbackMesh();
  private final DeadLetterForwarder letters = new DeadLetterForwarder(mesh.cell);
  private final Call call = Calls.of("acme");

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aFilterThatIsNotUnderstoodIsNotTakenForNone() {
    assertThatThrownBy(
            () ->
                letters.purgeAll(
                    call, PurgeDeadLettersRequest.newBuilder().setFilter(FILTER).build()))
        .isInstanceOf(NotSupportedYet.class)
        .hasMessageContaining("filter.#9");
    assertThatThrownBy(
            () ->
                letters.redriveAll(
                    call, RedriveDeadLettersRequest.newBuilder().setFilter(FILTER).build()))
        .isInstanceOf(NotSupportedYet.class);
    assertThatThrownBy(
            () -> letters.list(call, ListDeadLettersRequest.newBuilder().setFilter(FILTER).build()))
        .isInstanceOf(NotSupportedYet.class);
  }

  @Test
  void aFlagThatIsNotUnderstoodIsNotDropped() {
    assertThatThrownBy(
            () ->
                letters.purgeAll(
                    call,
                    PurgeDeadLettersRequest.newBuilder()
                        .setAll(true)
                        .setUnknownFields(LATER)
                        .build()))
        .isInstanceOf(NotSupportedYet.class)
        .hasMessageContaining("#9");
  }
}
