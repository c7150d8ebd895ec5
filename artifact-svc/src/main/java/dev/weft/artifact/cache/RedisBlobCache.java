package dev.weft.artifact.cache;

import dev.weft.artifact.app.BlobCache;
import dev.weft.artifact.domain.Digest;
import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.time.Ticker;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.datasource.value.ReactiveValueCommands;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Small blobs in Redis. When Redis does not answer at once it is left alone for some seconds, so
 * that its absence costs nothing; what it answers is hashed before it is believed.
 */
public final class RedisBlobCache implements BlobCache {

  private static final Logger LOG = Logger.getLogger(RedisBlobCache.class);
  private static final long PATIENCE_MILLIS = 50;
  private static final long LEFT_ALONE_NANOS = Duration.ofSeconds(5).toNanos();

  private final ReactiveValueCommands<String, byte[]> values;
  private final long lifetimeSeconds;
  private final Ticker ticker;
  private final AtomicLong leftAloneUntil;

  public RedisBlobCache(ReactiveRedisDataSource redis, Duration lifetime, Ticker ticker) {
    this.values = redis.value(String.class, byte[].class);
    this.lifetimeSeconds = Math.max(1, lifetime.toSeconds());
    this.ticker = ticker;
    this.leftAloneUntil = new AtomicLong(ticker.nanos());
  }

  @Override
  public Optional<byte[]> find(String tenant, Digest digest) {
    if (isLeftAlone()) {
      return Optional.empty();
    }
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    values
        .get(key(tenant, digest))
        .subscribe()
        .with(answer::complete, answer::completeExceptionally);
    try {
      byte[] content = answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      if (content == null) {
        return Optional.empty();
      }
      if (!Digest.ofContent(content).equals(digest)) {
        LOG.errorf("redis gave other bytes than were put there: digest=%s", digest);
        return Optional.empty();
      }
      return Optional.of(content);
    } catch (ExecutionException | TimeoutException e) {
      leaveAlone(e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void keep(String tenant, Digest digest, byte[] content) {
    if (!isLeftAlone()) {
      values
          .setex(key(tenant, digest), lifetimeSeconds, content)
          .subscribe()
          .with(_ -> {}, this::leaveAlone);
    }
  }

  private boolean isLeftAlone() {
    return ticker.nanos() - leftAloneUntil.get() < 0;
  }

  private void leaveAlone(Throwable failure) {
    if (!isLeftAlone()) {
      leftAloneUntil.set(ticker.nanos() + LEFT_ALONE_NANOS);
      LOG.infof(
          "redis does not answer, small blobs come from the store: %s=%s", LogKeys.ERROR, failure);
    }
  }

  private static String key(String tenant, Digest digest) {
    return "weft:blob:" + tenant + ":" + digest.hex();
  }
}
