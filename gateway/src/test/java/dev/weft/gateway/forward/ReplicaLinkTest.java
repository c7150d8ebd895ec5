package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.discovery.ServiceDirectory;
import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.platform.time.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ReplicaLinkTest {

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  @Test
  void whoWaitsForACallThatThereIsNoMemoryForHearsOfIt() {
    try (MeshChannels channels = new MeshChannels(new TestCa().identity("gateway", "gateway-1"));
        ReplicaLink link = link(channels)) {
      CompletionStage<String> call =
          link.callOnce(
              _ -> {
                throw new OutOfMemoryError("planted: no more direct memory");
              },
              PATIENCE);

      assertThat(call.toCompletableFuture())
          .isCompletedExceptionally()
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .havingCause()
          .withMessageContaining("planted");
    }
  }

  private static ReplicaLink link(MeshChannels channels) {
    return new ReplicaLink(
        "artifact",
        ServiceDirectory.fixed(Map.of("artifact", List.of(new HostPort("127.0.0.1", 1)))),
        channels,
        new ReplicaLink.Tools(
            (_, _) -> {},
            new SettableTicker(),
            Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(1)),
            new Random(1)));
  }
}
