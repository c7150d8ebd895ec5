package dev.weft.artifact;

import dev.weft.artifact.app.AccessDesk;
import dev.weft.artifact.app.ArtifactCatalog;
import dev.weft.artifact.app.ArtifactDesk;
import dev.weft.artifact.app.BlobCache;
import dev.weft.artifact.app.BlobCatalog;
import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.Garbage;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.app.Sweeper;
import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.app.frames.FrameRows;
import dev.weft.artifact.cache.RedisBlobCache;
import dev.weft.artifact.cache.TieredBlobCache;
import dev.weft.artifact.grpc.ProtoTreeReader;
import dev.weft.artifact.store.PgArtifactCatalog;
import dev.weft.artifact.store.PgBlobCatalog;
import dev.weft.artifact.store.PgGarbage;
import dev.weft.artifact.store.PgWork;
import dev.weft.artifact.store.frames.PgFrameRows;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Blobs and artifacts, put together. */
@Singleton
class StoreBeans {

  private final ArtifactConfig config;
  private final ArtifactSettings settings;

  StoreBeans(ArtifactConfig config) {
    this.config = config;
    this.settings = ArtifactSettings.of(config.artifact());
  }

  @Produces
  @Singleton
  IdGenerator ids() {
    return new IdGenerator(config.cell(), InstantSource.system(), new SecureRandom());
  }

  @Produces
  @Singleton
  PgWork database(Pool pool) {
    return new PgWork(pool);
  }

  @Produces
  @Singleton
  BlobCatalog blobCatalog(PgWork work) {
    return new PgBlobCatalog(work, settings.grace());
  }

  @Produces
  @Singleton
  ArtifactCatalog artifactCatalog(PgWork work) {
    return new PgArtifactCatalog(work, settings.grace());
  }

  @Produces
  @Singleton
  Garbage garbage(PgWork work) {
    return new PgGarbage(work, settings.grace());
  }

  @Produces
  @Singleton
  FrameRows frames(PgWork work) {
    return new PgFrameRows(work);
  }

  @Produces
  @Singleton
  StoreMeter meter(MeterRegistry meters) {
    return new ArtifactMetrics(meters);
  }

  @Produces
  @Singleton
  BlobCache cache(ReactiveRedisDataSource redis, StoreMeter meter) {
    ArtifactConfig.Artifact artifact = config.artifact();
    return new TieredBlobCache(
        artifact.cacheBytes().asLongValue(),
        new RedisBlobCache(redis, artifact.redisLifetime(), Ticker.system()),
        meter);
  }

  @Produces
  @Singleton
  BlobDesk blobs(BlobStore store, BlobCatalog catalog, BlobCache cache, StoreMeter meter) {
    return new BlobDesk(store, catalog, cache, settings.limits(), meter);
  }

  @Produces
  @Singleton
  ArtifactDesk artifacts(ArtifactCatalog catalog, BlobDesk blobs, IdGenerator ids) {
    return new ArtifactDesk(catalog, blobs, new ProtoTreeReader(), ids);
  }

  @Produces
  @Singleton
  AccessDesk accesses(LeaseAuthority authority) {
    return new AccessDesk(authority, config.artifact().leaseMemory(), Ticker.system());
  }

  @Produces
  @Singleton
  Transfers transfers() {
    return new Transfers(settings.mostTransfers(), settings.stall(), Ticker.system());
  }

  @Produces
  @Singleton
  Sweeper sweeper(Garbage garbage, BlobStore store, StoreMeter meter) {
    return new Sweeper(garbage, store, settings.grace(), meter);
  }
}
