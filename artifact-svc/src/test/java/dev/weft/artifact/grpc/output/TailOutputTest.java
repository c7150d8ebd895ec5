package dev.weft.artifact.grpc.output;

import static dev.weft.artifact.grpc.output.OutputFixture.TASK;
import static dev.weft.artifact.grpc.output.OutputFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.artifact.testing.output.TestReader;
import dev.weft.artifact.testing.output.TestWriter;
import dev.weft.proto.internal.artifact.v1.OutputFrame;
import dev.weft.proto.internal.artifact.v1.TailOutputRequest;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TailOutputTest {

  private final OutputFixture fixture = new OutputFixture();
  private final OutputFixture.Replica replica = fixture.replica("a");

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private TestWriter writer() {
    return new TestWriter(replica.worker()).opened(TASK, 7, 1);
  }

  private static TailOutputRequest.Builder query() {
    return TestReader.query(TENANT, TASK);
  }

  private TestReader reader() {
    return TestReader.open(replica.gateway(), query());
  }

  @Test
  void aFollowerSeesWhatComesAndTheEnd() {
    TestWriter writer = writer();
    TestReader reader = reader();
    writer.write(1, 2);
    reader.await(2);
    assertThat(reader.text()).isEqualTo("1\n2\n");

    writer.write(3, 3).end();

    assertThat(reader.closed().getLastNumber()).isEqualTo(3);
    assertThat(reader.closed().getTotalBytes()).isEqualTo(6);
    assertThat(reader.text()).isEqualTo("1\n2\n3\n");
  }

  @Test
  void afterTheEndEverythingComesFromStorage() {
    writer().write(1, 50).end().closed();

    TestReader reader = reader();

    assertThat(reader.closed().getLastNumber()).isEqualTo(50);
    assertThat(reader.text()).startsWith("1\n2\n").endsWith("\n50\n");
  }

  @Test
  void aReaderResumesAfterItsNumber() {
    writer().write(1, 50).end().closed();

    TestReader reader = TestReader.open(replica.gateway(), query().setAfterNumber(48));

    reader.closed();
    assertThat(reader.text()).isEqualTo("49\n50\n");
  }

  @Test
  void withoutFollowWhatThereIsComesAndTheStreamEnds() {
    writer().write(1, 2).awaitReceived(2);

    TestReader reader = TestReader.open(replica.gateway(), query().setFollow(false));

    assertThat(reader.ended()).isEmpty();
    assertThat(reader.isClosed()).isFalse();
    assertThat(reader.text()).isEqualTo("1\n2\n");
  }

  @Test
  void aLogThatNobodyOpenedIsNotFound() {
    assertThat(reader().problem().reason()).isEqualTo("LOG_NOT_FOUND");
  }

  @Test
  void anotherTenantsLogIsNotFound() {
    writer().write(1, 2).awaitReceived(2);

    TestReader stranger = TestReader.open(replica.gateway(), TestReader.query("other", TASK));

    assertThat(stranger.problem().reason()).isEqualTo("LOG_NOT_FOUND");
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(TestReader.open(replica.gateway(), query().setAfterNumber(-1)).problem().reason())
        .isEqualTo("INVALID_FIELD");
    assertThat(TestReader.open(replica.gateway(), TestReader.query("", TASK)).problem().reason())
        .isEqualTo("INVALID_FIELD");
    assertThat(TestReader.open(replica.worker(), query()).problem().reason())
        .isEqualTo("ROLE_NOT_ALLOWED");
  }

  @Test
  void aReaderThatStandsStillCostsNobodyAnythingAndLosesNothing() {
    TestWriter writer = writer();
    TestReader stalled = TestReader.stalled(replica.gateway(), query());
    TestReader other = reader();
    for (int i = 1; i <= 400; i++) {
      writer.frame(OutputFrame.newBuilder().addChunks(TestWriter.chunk(i, new byte[1 << 10])));
    }
    other.await(400);
    writer.awaitSealed(300);
    assertThat(replica.budget.used()).isLessThan(200 << 10);
    assertThat(stalled.last()).isZero();

    stalled.resume();
    writer.end();

    assertThat(stalled.closed().getLastNumber()).isEqualTo(400);
    assertThat(stalled.gaps()).isEmpty();
    assertThat(stalled.text()).hasSize(400 << 10);
  }

  @Test
  void whatStorageHasLostIsAnExplicitGap() {
    TestWriter writer = writer();
    for (int i = 1; i <= 40; i++) {
      writer.frame(OutputFrame.newBuilder().addChunks(TestWriter.chunk(i, new byte[1 << 10])));
    }
    writer.end().closed();
    var lost = fixture.rows.sealings().getFirst().segment();
    fixture.bytes.lose(lost);

    TestReader reader = reader();

    assertThat(reader.closed().getLastNumber()).isEqualTo(40);
    assertThat(reader.gaps()).hasSize(1);
    assertThat(reader.gaps().getFirst().getFromNumber()).isEqualTo(1);
    assertThat(reader.gaps().getFirst().getToNumber()).isEqualTo(lost.last());
    assertThat(reader.gaps().getFirst().getReason()).isEqualTo("SLOW_READER");
  }

  @Test
  void aReaderAtAnotherReplicaReadsThroughTheOwner() {
    TestWriter writer = writer().write(1, 2).awaitReceived(2);
    TestReader reader = TestReader.open(fixture.replica("b").gateway(), query());
    reader.await(2);

    writer.write(3, 4).end();

    assertThat(reader.closed().getLastNumber()).isEqualTo(4);
    assertThat(reader.text()).isEqualTo("1\n2\n3\n4\n");
  }

  @Test
  void aReaderThatAsksForLittleIsGivenLittleAndAsksAgain() {
    writer().write(1, 50).end().closed();

    TestReader first = TestReader.open(replica.gateway(), query().setMostBytes(10));

    assertThat(first.ended()).isEmpty();
    assertThat(first.isClosed()).isFalse();
    assertThat(first.last()).isBetween(5L, 6L);
    TestReader second =
        TestReader.open(
            replica.gateway(), query().setMostBytes(1_000).setAfterNumber(first.last()));
    assertThat(second.closed().getLastNumber()).isEqualTo(50);
  }

  @Test
  void aRelayedReaderThatStandsStillHoldsUpNoOther() {
    TestWriter writer = writer();
    OutputFixture.Replica there = fixture.replica("b");
    TestReader stalled = TestReader.stalled(there.gateway(), query());
    TestReader other = TestReader.open(there.gateway(), query());
    for (int i = 1; i <= 400; i++) {
      writer.frame(OutputFrame.newBuilder().addChunks(TestWriter.chunk(i, new byte[1 << 10])));
    }
    other.await(400);
    assertThat(stalled.last()).isZero();

    stalled.resume();
    writer.end();

    assertThat(stalled.closed().getLastNumber()).isEqualTo(400);
    assertThat(stalled.gaps()).isEmpty();
  }

  @Test
  void aReaderFollowsTheLogToItsNewOwner() {
    TestWriter first = writer().write(1, 2).awaitReceived(2);
    TestReader reader = reader().await(2);
    TestWriter second =
        new TestWriter(fixture.replica("b").worker()).opened(TASK, 7, 1).write(1, 4);
    second.awaitReceived(4);

    first.vanish();
    await().until(() -> replica.logs.all().getFirst().detachedAt() != Long.MAX_VALUE);
    replica.tick();

    reader.await(4);
    second.end();
    assertThat(reader.closed().getLastNumber()).isEqualTo(4);
    assertThat(reader.text()).isEqualTo("1\n2\n3\n4\n");
  }

  @Test
  void aSilentOwnerEndsItsReadersAfterASecondAfterTheSealedPart() {
    OutputFixture.Replica dead = fixture.replica("dead");
    TestWriter writer = new TestWriter(dead.worker()).opened(TASK, 7, 1);
    for (int i = 1; i <= 20; i++) {
      writer.frame(OutputFrame.newBuilder().addChunks(TestWriter.chunk(i, new byte[1 << 10])));
    }
    writer.awaitSealed(10);
    long sealed = writer.ack().getSealed();
    OutputFixture.Replica there = fixture.forgetting("dead", "b");
    TestReader reader = TestReader.open(there.gateway(), query());
    reader.await(sealed);
    there.tick();
    assertThat(reader.isEnded()).isFalse();

    await()
        .until(
            () -> {
              fixture.ticker.advance(Duration.ofMillis(300));
              there.tick();
              return reader.isEnded();
            });

    assertThat(reader.problem().reason()).isEqualTo("LOG_OWNER_SILENT");
    assertThat(reader.last()).isEqualTo(sealed);
  }

  @Test
  void whoRelaysIsAnsweredOrRefusedButNeverRelayed() {
    writer().write(1, 2).awaitReceived(2);
    ManagedChannel from = fixture.replica("b").as("artifact", "c");

    TestReader relayed = TestReader.open(from, query().setRelayed(true));

    assertThat(relayed.problem().reason()).isEqualTo("LOG_OWNER_SILENT");
  }

  @Test
  void anIdleReaderHearsThatTheStreamLives() {
    writer();
    TestReader reader = reader();
    await().until(() -> replica.tails.count() == 1);
    replica.tick();
    assertThat(reader.heartbeats()).isZero();

    fixture.ticker.advance(Duration.ofSeconds(15));
    replica.tick();

    await().until(() -> reader.heartbeats() == 1);
  }

  @Test
  void aThousandReadersOfOneLogGetEverything() {
    TestWriter writer = writer();
    ManagedChannel channel = replica.gateway();
    List<TestReader> readers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      readers.add(TestReader.open(channel, query()));
    }
    for (int i = 1; i <= 100; i++) {
      writer.frame(OutputFrame.newBuilder().addChunks(TestWriter.chunk(i, new byte[1 << 10])));
    }

    writer.end();

    for (TestReader reader : readers) {
      assertThat(reader.closed().getLastNumber()).isEqualTo(100);
      assertThat(reader.gaps()).isEmpty();
    }
    replica.tick();
    assertThat(replica.tails.count()).isZero();
  }

  @Test
  void aReaderThatLeavesIsForgotten() {
    writer();
    TestReader reader = reader();
    await().until(() -> replica.tails.count() == 1);

    reader.cancel();

    await()
        .until(
            () -> {
              replica.tick();
              return replica.tails.count() == 0;
            });
  }
}
