package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.TransferToll.Pass;
import dev.weft.gateway.app.TransferToll.Payer;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.gateway.domain.Tier;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a basic tenant of one instance uploads and downloads at one gateway. */
class TransferTollTest {

  /** Of P2 and below in a second. */
  private static final long LIMIT = 4_687_500;

  private static final long USER_LIMIT = 2_500_000;
  private static final Payer NOBODY = new Payer("acme", "");
  private static final Payer ADA = new Payer("acme", "ada");
  private static final Payer BOB = new Payer("acme", "bob");

  private final World world = new World();

  /** One gateway, and the keeper of its buckets. */
  private static final class World extends KeeperWorld {
    private CompletableFuture<Optional<TenantTier>> tier =
        CompletableFuture.completedFuture(Optional.of(new TenantTier(Tier.BASIC, 1)));
    private final TransferToll toll;
    private final Link link = new Link();

    World() {
      super(1);
      RateGate gate = new RateGate(link, tools());
      TierBook tiers = new TierBook(_ -> tier, ticker, this::later);
      toll = new TransferToll(gate, tiers, this::later, 2);
    }

    @Override
    void pass(double seconds) {}

    /** Its way to them. */
    final class Link extends Wire implements RateBuckets {
      @Override
      public CompletionStage<List<Grant>> takeAll(List<Draw> draws, long amount) {
        return ask(() -> buckets.answer(draws, amount));
      }
    }
  }

  @BeforeEach
  void fill() {
    for (Payer payer : List.of(NOBODY, ADA, BOB)) {
      world.toll.enter(payer, 1);
    }
    world.run(Duration.ofSeconds(3));
  }

  @Test
  void aTransferCostsOneQuestion() {
    int before = world.buckets.asked;
    Pass pass = enter(ADA, 1_000_000).join();
    pass.end(1_000_000);
    world.run(Duration.ofSeconds(5));

    assertThat(world.buckets.asked - before).isEqualTo(1);
  }

  @Test
  void whatIsBeyondABucketIsOwedAndNothingMoreBeginsUntilItHasComeBack() {
    int before = world.buckets.asked;
    assertThat(enter(NOBODY, 10 * LIMIT)).isCompleted();
    MeshException refusal = refusal(enter(NOBODY, 1));

    assertThat(refusal.reason()).isEqualTo(GatewayReason.TRANSFER_RATE);
    assertThat(refusal.metadata())
        .containsEntry("allowed", "false")
        .containsEntry("resource", "NETWORK_BYTES")
        .containsEntry("current_usage", Long.toString(LIMIT))
        .containsEntry("limit", Long.toString(LIMIT))
        .containsEntry("class", "P2")
        .containsEntry("of_user", "false");
    assertThat(refusal.metadata().get("retry_after")).isIn("9", "10");
    assertThat(Long.parseLong(refusal.metadata().get("throttle_delay_ms")))
        .isBetween(8_500L, 10_000L);
    world.run(Duration.ofSeconds(8));
    refusal(enter(NOBODY, 1));
    world.run(Duration.ofSeconds(3));

    assertThat(enter(NOBODY, 1)).isCompleted();
    assertThat(world.buckets.asked - before).as("one for some megabytes").isLessThan(30);
  }

  @Test
  void bytesThatNobodyAnnouncedCountWhenTheTransferIsOver() {
    Pass pass = enter(ADA, 1).join();
    pass.end(4 * USER_LIMIT);
    pass.end(100 * USER_LIMIT);
    world.run(Duration.ofMillis(50));

    MeshException refusal = refusal(enter(ADA, 1));
    assertThat(refusal.metadata())
        .containsEntry("of_user", "true")
        .containsEntry("limit", Long.toString(USER_LIMIT));
    world.run(Duration.ofSeconds(5));
    assertThat(enter(ADA, 1)).as("the end is told once").isCompleted();
  }

  @Test
  void whatWasAnnouncedAndNeverCameIsNotOwed() {
    Pass refused = enter(NOBODY, 17_000_000_000_000L).join();
    refusal(enter(NOBODY, 1));

    refused.end(0);
    world.run(Duration.ofSeconds(2));

    assertThat(enter(NOBODY, 1_000_000)).isCompleted();
  }

  @Test
  void whileTheSharedBucketsAreAwayTransfersOfAnySizeGoOnByThisGatewaysOwnPart() {
    world.link.cut = true;
    world.toll.enter(ADA, 1);
    world.run(Duration.ofSeconds(3));

    assertThat(enter(ADA, 3 * USER_LIMIT)).isCompleted();
    refusal(enter(ADA, 1));
    world.run(Duration.ofSeconds(10));
    assertThat(enter(ADA, 1)).as("what it owed is paid").isCompleted();
  }

  @Test
  void aUserWhoOwesLeavesTheOthersTheirs() {
    assertThat(enter(ADA, 100 * USER_LIMIT)).isCompleted();
    world.run(Duration.ofSeconds(2));

    refusal(enter(ADA, 1));
    assertThat(enter(BOB, 1_000_000)).isCompleted();
  }

  @Test
  void otherNamesAreNoWayAroundTheTenantsLimit() {
    int begun = 0;
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Pass> entry = enter(new Payer("acme", "user-" + i), 1_000_000_000);
      begun += entry.isCompletedExceptionally() ? 0 : 1;
      world.run(Duration.ofSeconds(1));
    }
    assertThat(begun).isLessThanOrEqualTo(8);
  }

  @Test
  void inTheLongRunNoMoreIsTransferredThanTheLimitSays() {
    long bytes = 0;
    for (int i = 0; i < 600; i++) {
      CompletableFuture<Pass> entry = enter(NOBODY, 3_000_000);
      if (!entry.isCompletedExceptionally()) {
        bytes += 3_000_000;
        entry.join().end(3_000_000);
      }
      world.run(Duration.ofMillis(90));
    }
    assertThat(bytes).isBetween(60 * LIMIT * 7 / 10, 60 * LIMIT + LIMIT + 3_000_000);
  }

  @Test
  void aTenantWithoutATierAndOneOfWhomNobodyTellsPassUncounted() {
    int before = world.buckets.asked;
    world.tier = CompletableFuture.completedFuture(Optional.empty());
    assertThat(enter(new Payer("globex", ""), 1_000_000_000)).isCompletedWithValue(Pass.FREE);
    world.tier = new CompletableFuture<>();
    CompletableFuture<Pass> entry = enter(new Payer("initech", ""), 1_000_000_000);
    assertThat(entry).isNotDone();
    world.run(Duration.ofMillis(250));

    assertThat(entry).isCompletedWithValue(Pass.FREE);
    assertThat(world.buckets.asked).isEqualTo(before);
  }

  private CompletableFuture<Pass> enter(Payer payer, long bytes) {
    CompletableFuture<Pass> entry = world.toll.enter(payer, bytes).toCompletableFuture();
    world.run(Duration.ofMillis(10));
    return entry;
  }

  private static MeshException refusal(CompletableFuture<Pass> entry) {
    try {
      entry.join();
    } catch (CompletionException e) {
      return (MeshException) e.getCause();
    }
    throw new AssertionError("it may begin");
  }
}
