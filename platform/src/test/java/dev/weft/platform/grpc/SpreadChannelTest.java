package dev.weft.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.RawMethods;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SpreadChannelTest {

  private final TestCa ca = new TestCa();
  private final HolderReplica replica = new HolderReplica(ca.identity("router", "router-0"), 0);
  private final MeshChannels channels = new MeshChannels(ca.identity("gateway", "gateway-0"));
  private final SpreadChannel channel =
      new SpreadChannel(() -> channels.open(replica.address, "router"), 2);
  private final List<ListenableFuture<String>> streams = new ArrayList<>();

  @AfterEach
  void close() {
    channel.shutdownNow();
    channels.close();
    replica.server.stopNow();
  }

  @Test
  void connectionsComeAsTheyAreNeeded() {
    open(2);
    assertThat(channel.connections()).isEqualTo(1);

    open(3);
    assertThat(channel.connections()).isEqualTo(3);
    await().until(() -> replica.calls.get() == 5);
  }

  @Test
  void aPlaceThatIsFreeAgainIsTakenBeforeAConnectionIsAdded() {
    open(5);
    await().until(() -> replica.calls.get() == 5);

    streams.subList(0, 3).forEach(stream -> stream.cancel(true));
    await().until(() -> channel.streams() == 2);
    open(3);

    await().until(() -> replica.calls.get() == 8);
    assertThat(channel.connections()).isEqualTo(3);
  }

  @Test
  void aCallThatIsNeverStartedTakesNoPlace() {
    for (int i = 0; i < 10; i++) {
      channel.newCall(RawMethods.UNARY, CallOptions.DEFAULT);
    }

    assertThat(channel.connections()).isEqualTo(1);
  }

  @Test
  void afterItsEndNothingIsOpenedAnyMore() {
    open(2);
    await().until(() -> replica.calls.get() == 2);

    channel.shutdown();
    open(1);

    assertThat(streams.getLast()).failsWithin(Duration.ofSeconds(10));
    assertThat(channel.connections()).isEqualTo(1);
    assertThat(streams.getFirst()).isNotDone();
  }

  private void open(int count) {
    for (int i = 0; i < count; i++) {
      streams.add(
          ClientCalls.futureUnaryCall(
              channel.newCall(RawMethods.UNARY, CallOptions.DEFAULT), "stay"));
    }
  }
}
