package dev.weft.artifact.grpc.output;

import static dev.weft.artifact.grpc.output.OutputFixture.TASK;
import static dev.weft.artifact.grpc.output.OutputFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.artifact.domain.output.Writer;
import dev.weft.artifact.testing.output.TestReader;
import dev.weft.artifact.testing.output.TestWriter;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppendOutputTest {

  private final OutputFixture fixture = new OutputFixture();
  private final OutputFixture.Replica replica = fixture.replica("a");

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private TestWriter writer() {
    return new TestWriter(replica.worker());
  }

  private TestWriter opened() {
    return writer().opened(TASK, 7, 1);
  }

  @Test
  void whatIsWrittenIsAcknowledgedSealedAndClosed() {
    TestWriter writer = writer().open(TestWriter.opening(TASK, 7, 1));
    assertThat(writer.opened().getOwnerEpoch()).isEqualTo(1);
    assertThat(writer.opened().getNextNumber()).isEqualTo(1);
    assertThat(writer.opened().getWindowBytes()).isEqualTo(64 << 10);

    writer.write(1, 3).awaitReceived(3);
    assertThat(writer.ack().getSealed()).isZero();
    writer.end().closed();

    assertThat(writer.ack().getSealed()).isEqualTo(3);
    assertThat(replica.logs.all()).isEmpty();
    assertThat(replica.budget.used()).isZero();
  }

  @Test
  void aHalfClosedStreamStillHearsThatTheLogIsClosed() {
    TestWriter writer = opened().write(1, 2).end();

    writer.complete();

    writer.closed();
  }

  @Test
  void duplicatesAreDropped() {
    TestWriter writer = opened().write(1, 5).write(2, 4).write(1, 7).end().closed();

    assertThat(writer.ack().getSealed()).isEqualTo(7);
    assertThat(fixture.rows.sealings().getFirst().segment().outputBytes()).isEqualTo(14);
  }

  @Test
  void aNumberLeftOutEndsTheStream() {
    TestWriter writer = opened().write(1, 2);

    writer.write(4, 4);

    assertThat(writer.problem().reason()).isEqualTo("NUMBER_LEFT_OUT");
    assertThat(writer.problem().metadata())
        .containsEntry("number", "4")
        .containsEntry("expected", "3");
  }

  @Test
  void aChunkBeforeOpenIsRefused() {
    assertThat(writer().write(1, 1).problem().reason()).isEqualTo("HELLO_MISSING");
  }

  @Test
  void aSecondOpenIsRefused() {
    assertThat(opened().open(TestWriter.opening(TASK, 7, 1)).problem().reason())
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void anUnknownProtocolIsRefused() {
    assertThat(
            writer().open(TestWriter.opening(TASK, 7, 1).setProtocolVersion(2)).problem().reason())
        .isEqualTo("UNSUPPORTED_PROTOCOL");
  }

  @Test
  void nonsenseInAFrameIsRefused() {
    assertRefused(TestWriter.chunk(1, new byte[(64 << 10) + 1]), "data");
    assertRefused(TestWriter.chunk(1, new byte[0]), "data");
    assertRefused(TestWriter.chunk(0), "number");
    assertRefused(TestWriter.chunk(-1), "number");
    assertRefused(TestWriter.chunk(Long.MAX_VALUE), "number");
    assertRefused(TestWriter.chunk(1).toBuilder().clearSource().build(), "source");
  }

  private void assertRefused(OutputChunk chunk, String field) {
    TestWriter writer = opened().frame(OutputFrame.newBuilder().addChunks(chunk));
    assertThat(writer.problem().reason()).isEqualTo("INVALID_FIELD");
    assertThat(writer.problem().metadata()).containsEntry("field", field);
  }

  @Test
  void aFrameBeyondTheWindowIsRefused() {
    OutputFrame.Builder frame = OutputFrame.newBuilder();
    for (int i = 1; i <= 5; i++) {
      frame.addChunks(TestWriter.chunk(i, new byte[16 << 10]));
    }

    assertThat(opened().frame(frame).problem().reason()).isEqualTo("INVALID_FIELD");
  }

  @Test
  void aFrameOfTooManyChunksIsRefused() {
    assertThat(opened().write(1, 4_097).problem().reason()).isEqualTo("INVALID_FIELD");
  }

  @Test
  void aMadFirstKeptIsRefused() {
    assertThat(writer().open(TestWriter.opening(TASK, 7, -1)).problem().reason())
        .isEqualTo("INVALID_FIELD");
    assertThat(writer().open(TestWriter.opening(TASK, 7, Long.MAX_VALUE)).problem().reason())
        .isEqualTo("INVALID_FIELD");
  }

  @Test
  void aForeignLeaseIsRefused() {
    assertThat(writer().open(TestWriter.opening("tsk_2", 7, 1)).problem().reason())
        .isEqualTo("LEASE_NOT_HELD");
    assertThat(writer().open(TestWriter.opening(TASK, 8, 1)).problem().reason())
        .isEqualTo("LEASE_NOT_HELD");
  }

  @Test
  void anotherWorkersCertificateDoesNotGetIntoALog() {
    opened().write(1, 1).awaitReceived(1);
    fixture.writers.grant(new Writer("wkr_2", 7), TASK, TENANT);

    TestWriter stranger = new TestWriter(replica.as("worker", "wkr_2"));

    assertThat(stranger.open(TestWriter.opening(TASK, 7, 1)).problem().reason())
        .isEqualTo("LEASE_NOT_HELD");
  }

  @Test
  void onlyWorkersWrite() {
    TestWriter gateway = new TestWriter(replica.gateway());

    assertThat(gateway.problem().reason()).isEqualTo("ROLE_NOT_ALLOWED");
  }

  @Test
  void aLogOpenedUnderTheLeaseMayBeFinishedAfterIt() {
    TestWriter first = opened().write(1, 2).awaitReceived(2);
    fixture.writers.revoke(TASK);
    first.vanish();

    TestWriter second = writer().opened(TASK, 7, 1).write(1, 4).end().closed();

    assertThat(second.ack().getSealed()).isEqualTo(4);
  }

  @Test
  void aNewerStreamTakesTheLogOver() {
    TestWriter first = opened().write(1, 2).awaitReceived(2);

    TestWriter second = writer().opened(TASK, 7, 1);

    assertThat(first.problem().reason()).isEqualTo("LOG_TAKEN_OVER");
    assertThat(second.opened().getOwnerEpoch()).isEqualTo(2);
    assertThat(second.opened().getNextNumber()).isEqualTo(1);
    second.write(1, 3).end().closed();
  }

  @Test
  void anotherReplicaTakesTheLogOverAndTheFirstSealsNothingMore() {
    TestWriter first = opened().write(1, 2).awaitReceived(2);
    TestWriter second = new TestWriter(fixture.replica("b").worker()).opened(TASK, 7, 1);
    second.write(1, 3).awaitReceived(3);

    first.write(3, 9).end();

    assertThat(first.problem().reason()).isEqualTo("LOG_TAKEN_OVER");
    second.end().closed();
    assertThat(fixture.rows.sealings()).hasSize(1);
    assertThat(fixture.rows.sealings().getFirst().segment().last()).isEqualTo(3);
  }

  @Test
  void whoComesAfterTheCloseHearsItAgain() {
    opened().write(1, 2).end().closed();

    TestWriter again = writer().opened(TASK, 7, 1).closed();

    assertThat(again.opened().getNextNumber()).isEqualTo(3);
    assertThat(again.ack().getSealed()).isEqualTo(2);
  }

  @Test
  void whatTheWorkerHadToForgetIsAGap() {
    opened().write(1, 2).awaitReceived(2).vanish();
    await().until(() -> replica.logs.all().getFirst().detachedAt() != Long.MAX_VALUE);

    writer().opened(TASK, 7, 6).write(6, 7).end().closed();

    TestReader reader = TestReader.open(replica.gateway(), TestReader.query(TENANT, TASK));
    assertThat(reader.closed().getLastNumber()).isEqualTo(7);
    assertThat(reader.text()).isEqualTo("1\n2\n6\n7\n");
    assertThat(reader.gaps().getFirst().getReason()).isEqualTo("LOG_GAP");
    assertThat(reader.gaps().getFirst().getFromNumber()).isEqualTo(3);
    assertThat(reader.gaps().getFirst().getToNumber()).isEqualTo(5);
  }

  @Test
  void whileStorageStandsStillTheWorkerIsHeldBackAndNothingGrows() {
    fixture.bytes.hold();
    TestWriter writer = opened();
    for (int i = 1; i <= 100; i++) {
      writer.frame(OutputFrame.newBuilder().addChunks(TestWriter.chunk(i, new byte[16 << 10])));
    }

    await().until(() -> writer.ack().getReceived() >= 10);
    assertThat(writer.ack().getReceived()).isLessThan(20);
    assertThat(replica.budget.used()).isLessThan(400 << 10);
    fixture.bytes.release();

    writer.end().closed();
    assertThat(writer.ack().getSealed()).isEqualTo(100);
  }

  @Test
  void aWriterThatHasGoneIsAskedAboutAndItsLogClosed() {
    opened().write(1, 3).awaitReceived(3).vanish();
    await().until(() -> replica.logs.all().getFirst().detachedAt() != Long.MAX_VALUE);
    replica.tick();
    fixture.ticker.advance(Duration.ofSeconds(59));
    replica.tick();
    assertThat(replica.logs.all()).hasSize(1);
    fixture.ticker.advance(Duration.ofSeconds(6));
    replica.tick();
    assertThat(replica.logs.all().getFirst().isOpen()).isTrue();

    fixture.writers.revoke(TASK);
    fixture.ticker.advance(Duration.ofSeconds(6));
    replica.tick();

    await().until(() -> replica.logs.all().isEmpty());
    TestReader reader = TestReader.open(replica.gateway(), TestReader.query(TENANT, TASK));
    assertThat(reader.closed().getLastNumber()).isEqualTo(3);
  }

  @Test
  void aLogThatLostItsOwnerTooIsTakenOverAndItsKnownGapTold() {
    OutputFixture.Replica dead = fixture.replica("dead");
    TestWriter writer = new TestWriter(dead.worker()).opened(TASK, 7, 1);
    writer.write(1, 3).awaitReceived(3);
    dead.tick();
    fixture.writers.revoke(TASK);
    replica.tick();
    fixture.ticker.advance(Duration.ofSeconds(61));

    replica.tick();

    await().until(() -> fixture.rows.sealings().size() == 1 && replica.logs.all().isEmpty());
    TestReader reader = TestReader.open(replica.gateway(), TestReader.query(TENANT, TASK));
    assertThat(reader.closed().getLastNumber()).isEqualTo(3);
    assertThat(reader.gaps()).hasSize(1);
    assertThat(reader.gaps().getFirst().getReason()).isEqualTo("LOG_GAP");
  }

  @Test
  void aReplicaThatStopsSendsItsWritersAway() {
    TestWriter writer = opened().write(1, 1).awaitReceived(1);

    replica.logs.stop();

    assertThat(writer.problem().reason()).isEqualTo("OUTPUT_UNAVAILABLE");
    assertThat(writer.problem().retryAfter()).isPresent();
    assertThat(writer().open(TestWriter.opening(TASK, 7, 1)).problem().reason())
        .isEqualTo("OUTPUT_UNAVAILABLE");
  }

  @Test
  void aStepOfALaterReleaseIsPassedOver() {
    opened().send(AppendOutputRequest.getDefaultInstance()).write(1, 1).awaitReceived(1);
  }
}
