package dev.weft.gateway;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.app.RateGate;
import dev.weft.gateway.app.SecretDesk;
import dev.weft.gateway.app.TierBook;
import dev.weft.gateway.app.TransferToll;
import dev.weft.gateway.artifact.ArtifactForwarder;
import dev.weft.gateway.artifact.Downloads;
import dev.weft.gateway.artifact.TaskInputs;
import dev.weft.gateway.artifact.Transfers;
import dev.weft.gateway.artifact.Uploads;
import dev.weft.gateway.forward.Holder;
import dev.weft.gateway.forward.ReplicaLink;
import dev.weft.gateway.forward.ResumingStream;
import dev.weft.gateway.forward.StallWatch;
import dev.weft.gateway.forward.SubmitCheck;
import dev.weft.gateway.forward.WatchGuard;
import dev.weft.gateway.forward.Watches;
import dev.weft.gateway.output.MemoryShare;
import dev.weft.gateway.output.MeshOutputs;
import dev.weft.gateway.output.OutputFeeds;
import dev.weft.platform.mesh.MeshRuntime;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How bytes get to the artifact service and back. */
@Singleton
class ArtifactBeans {

  private static final Backoff REOPEN =
      Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(2));

  private final GatewayConfig config;
  private final Later later;
  private final Ticker ticker;
  private final SecureRandom random = new SecureRandom();

  ArtifactBeans(GatewayConfig config, Later later, Ticker ticker) {
    this.config = config;
    this.later = later;
    this.ticker = ticker;
  }

  @Produces
  @Singleton
  @Named("store")
  Holder store(MeshRuntime mesh) {
    return link(mesh);
  }

  /** Connections of their own: many follow logs, and nobody's upload waits for them. */
  @Produces
  @Singleton
  @Named("logs")
  Holder logs(MeshRuntime mesh) {
    return link(mesh);
  }

  /** And others, so that frames are sealed whatever else goes on. */
  @Produces
  @Singleton
  @Named("frames")
  Holder frames(MeshRuntime mesh) {
    return link(mesh);
  }

  private ReplicaLink link(MeshRuntime mesh) {
    return new ReplicaLink(
        MeshBeans.ARTIFACT,
        mesh.directory(),
        mesh.channels(),
        new ReplicaLink.Tools(later, ticker, REOPEN, random));
  }

  @Produces
  @Singleton
  ArtifactForwarder artifacts(@Named("store") Holder store) {
    return new ArtifactForwarder(store);
  }

  @Produces
  @Singleton
  Uploads uploads(@Named("store") Holder store) {
    return new Uploads(store, config.artifacts().mostBytes());
  }

  @Produces
  @Singleton
  Downloads downloads(@Named("store") Holder store) {
    return new Downloads(streams(store));
  }

  @Produces
  @Singleton
  Transfers transfers(Authenticator authenticator, MeterRegistry meters) {
    GatewayConfig.Artifacts artifacts = config.artifacts();
    WatchGuard guard =
        new WatchGuard(
            authenticator,
            later,
            ticker,
            config.auth().recheck(),
            artifacts.mostTransfers(),
            GatewayReason.TOO_MANY_TRANSFERS);
    meters.gauge("weft.gateway.transfers.open", guard, WatchGuard::open);
    return new Transfers(guard, new StallWatch.Setting(artifacts.idle(), later, ticker));
  }

  @Produces
  @Singleton
  TransferToll toll(RateGate gate, TierBook tiers) {
    TierBook nobodys =
        new TierBook(_ -> CompletableFuture.completedStage(Optional.empty()), ticker, later);
    TierBook known = config.artifacts().rated() ? tiers : nobodys;
    return new TransferToll(gate, known, later, config.auth().gateways());
  }

  @Produces
  @Singleton
  SubmitCheck inputs(@Named("store") Holder store, SecretDesk secrets) {
    return new TaskInputs(store, secrets);
  }

  @Produces
  @Singleton
  OutputFeeds outputs(
      @Named("cell") Holder cell,
      @Named("logs") Holder logs,
      Watches watches,
      InstantSource clock,
      WatchGuard guard,
      MeterRegistry meters) {
    MemoryShare share = MemoryShare.ofReaders(guard::open);
    OutputFeeds feeds =
        new OutputFeeds(new MeshOutputs(cell, watches, streams(logs), later, clock, share), share);
    meters.gauge("weft.gateway.outputs.followed", feeds, OutputFeeds::followed);
    meters.gauge("weft.gateway.outputs.rings", feeds, OutputFeeds::rings);
    return feeds;
  }

  private ResumingStream.Setting streams(Holder holder) {
    return new ResumingStream.Setting(
        holder, GatewayReason.ARTIFACTS_UNAVAILABLE, later, ticker, REOPEN, random);
  }
}
