package dev.weft.gateway;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.DoorBudgets;
import dev.weft.gateway.app.FailureLimiter;
import dev.weft.gateway.app.GateTools;
import dev.weft.gateway.app.JoinDesk;
import dev.weft.gateway.app.JoinStore;
import dev.weft.gateway.app.JoinTokenDesk;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.app.RateBuckets;
import dev.weft.gateway.app.RateGate;
import dev.weft.gateway.app.SecretDesk;
import dev.weft.gateway.app.SecretMint;
import dev.weft.gateway.app.SecretStore;
import dev.weft.gateway.app.SharedBuckets;
import dev.weft.gateway.app.SubmitGate;
import dev.weft.gateway.app.TokenCache;
import dev.weft.gateway.app.TokenDesk;
import dev.weft.gateway.app.TokenStore;
import dev.weft.gateway.app.WorkerCertifier;
import dev.weft.gateway.domain.FailureBucket.Rate;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.gateway.redis.RedisFailureLimiter;
import dev.weft.gateway.redis.RedisSharedBuckets;
import dev.weft.gateway.security.CaWorkerCertifier;
import dev.weft.gateway.security.EnvelopeSealer;
import dev.weft.gateway.security.PlatformSecretMint;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.security.CaFiles;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.EnvelopeCipher;
import dev.weft.platform.security.MasterKey;
import dev.weft.platform.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Who may come in: tokens, joins and their bounds. */
@Singleton
class AccessBeans {

  private static final int MOST_CACHED = 10_000;

  private final GatewayConfig config;

  AccessBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  EnvelopeCipher cipher() {
    return new EnvelopeCipher(
        MasterKey.read(
            config
                .masterKeyFile()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "WEFT_MASTER_KEY_FILE: unset (expected: the file of the master key)"))));
  }

  @Produces
  @Singleton
  CertificateAuthority authority(EnvelopeCipher cipher) {
    return CaFiles.read(config.ca().certFile(), config.ca().keyFile(), cipher);
  }

  @Produces
  @Singleton
  SecretDesk secretDesk(SecretStore store, EnvelopeCipher cipher, InstantSource clock) {
    return new SecretDesk(store, new EnvelopeSealer(cipher), clock);
  }

  @Produces
  @Singleton
  WorkerCertifier certifier(CertificateAuthority authority) {
    return new CaWorkerCertifier(authority);
  }

  @Produces
  @Singleton
  SecretMint mint(CertificateAuthority authority) {
    return new PlatformSecretMint(authority);
  }

  @Produces
  @Singleton
  FailureLimiter limiter(ReactiveRedisDataSource redis, Ticker ticker) {
    GatewayConfig.Auth auth = config.auth();
    return new RedisFailureLimiter(
        redis, new Rate(auth.failureBurst(), auth.failureRefill()), auth.gateways(), ticker);
  }

  @Produces
  @Singleton
  @Typed({SharedBuckets.class, RateBuckets.class})
  RedisSharedBuckets buckets(ReactiveRedisDataSource redis) {
    return new RedisSharedBuckets(redis);
  }

  @Produces
  @Singleton
  SubmitRate rate() {
    GatewayConfig.Submit submit = config.submit();
    return new SubmitRate(submit.rate(), submit.burst(), config.auth().gateways());
  }

  @Produces
  @Singleton
  SubmitGate gate(
      SharedBuckets buckets, SubmitRate rate, Ticker ticker, Later later, MeterRegistry meters) {
    SubmitGate gate =
        new SubmitGate(
            buckets,
            rate,
            new GateTools(ticker, later, new MicrometerGateMeter(meters, ticker, "submit")));
    meters.gauge("weft.submit.local", gate, it -> it.local() ? 1 : 0);
    return gate;
  }

  @Produces
  @Singleton
  RateGate rateGate(RateBuckets buckets, Ticker ticker, Later later, MeterRegistry meters) {
    RateGate gate =
        new RateGate(
            buckets, new GateTools(ticker, later, new MicrometerGateMeter(meters, ticker, "rate")));
    meters.gauge("weft.rate.local", gate, it -> it.local() ? 1 : 0);
    return gate;
  }

  @Produces
  @Singleton
  Authenticator authenticator(
      TokenStore tokens, FailureLimiter limiter, InstantSource clock, Ticker ticker) {
    TokenCache cache = new TokenCache(ticker, config.auth().cache(), MOST_CACHED);
    return new Authenticator(tokens, limiter, cache, clock, ticker);
  }

  @Produces
  @Singleton
  DoorBudgets budgets(Ticker ticker) {
    return DoorBudgets.of(
        Runtime.getRuntime().maxMemory(), config.publicDoor().mostBodyBytes(), ticker);
  }

  @Produces
  @Singleton
  TokenDesk tokenDesk(TokenStore store, SecretMint mint, IdGenerator ids, InstantSource clock) {
    return new TokenDesk(store, mint, ids, clock);
  }

  @Produces
  @Singleton
  JoinTokenDesk joinTokenDesk(
      JoinStore store, SecretMint mint, IdGenerator ids, InstantSource clock) {
    return new JoinTokenDesk(store, mint, ids, clock);
  }

  @Produces
  @Singleton
  JoinDesk joinDesk(
      JoinStore store,
      FailureLimiter limiter,
      WorkerCertifier certifier,
      IdGenerator ids,
      InstantSource clock) {
    return new JoinDesk(store, limiter, certifier, ids, clock);
  }
}
