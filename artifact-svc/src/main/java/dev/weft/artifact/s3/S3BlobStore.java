package dev.weft.artifact.s3;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.StoreMark;
import dev.weft.artifact.blob.TenantFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Blobs as objects: {@code <prefix>blobs/<tenant>/<a new id>}. */
public final class S3BlobStore implements BlobStore, StoreMark.InStore, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(S3BlobStore.class);
  private static final Pattern LOCATION = Pattern.compile("[0-9a-f-]{36}");
  private static final int LARGE_AT_ONCE = 16;
  private static final int SMALL_AT_ONCE = 16;
  private static final int PRECONDITION_FAILED = 412;
  private static final int BATCH = 1_000;

  private final S3Bucket bucket;
  private final String prefix;
  private final InstantSource clock;
  private final PartBuffers large = new PartBuffers(LARGE_AT_ONCE);
  private final ExecutorService small =
      Executors.newFixedThreadPool(
          SMALL_AT_ONCE, Thread.ofVirtual().name("s3-small-", 0).factory());

  public S3BlobStore(S3Settings settings, InstantSource clock) {
    this.bucket = new S3Bucket(settings.client(), settings.bucket());
    this.prefix = settings.prefix();
    this.clock = clock;
  }

  @Override
  public Upload begin(String tenant) {
    String location = UUID.randomUUID().toString();
    return new S3Upload(bucket, key(tenant, location), location, tenant, large);
  }

  @Override
  public List<String> storeSmall(String tenant, List<SmallBlob> blobs) throws IOException {
    List<Future<String>> storing = new ArrayList<>();
    for (SmallBlob blob : blobs) {
      storing.add(
          small.submit(
              () -> {
                String location = UUID.randomUUID().toString();
                bucket.put(key(tenant, location), blob.content(), blob.content().length);
                return location;
              }));
    }
    List<String> locations = new ArrayList<>();
    IOException failure = null;
    for (Future<String> one : storing) {
      try {
        locations.add(one.get());
      } catch (ExecutionException e) {
        failure = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return locations;
  }

  @Override
  public Source open(String tenant, String location) throws IOException {
    return new S3Source(bucket, key(tenant, location));
  }

  @Override
  public void delete(String tenant, Collection<String> locations) throws IOException {
    List<String> keys = locations.stream().map(location -> key(tenant, location)).toList();
    for (int start = 0; start < keys.size(); start += BATCH) {
      bucket.delete(keys.subList(start, Math.min(start + BATCH, keys.size())));
    }
  }

  /** Keys come sorted, so that a tenant's are together. */
  @Override
  public void scan(Duration age, LocationSink sink) throws IOException {
    Instant before = clock.instant().minus(age);
    String from = "";
    ListObjectsV2Response page;
    do {
      page = list(from, BATCH);
      List<String> batch = new ArrayList<>();
      String folder = "";
      for (S3Object object : page.contents()) {
        from = object.key();
        String[] parts = from.substring(blobs().length()).split("/", 2);
        if (parts.length == 2
            && LOCATION.matcher(parts[1]).matches()
            && !object.lastModified().isAfter(before)) {
          if (!parts[0].equals(folder)) {
            show(folder, batch, sink);
            folder = parts[0];
            batch = new ArrayList<>();
          }
          batch.add(parts[1]);
        }
      }
      show(folder, batch, sink);
    } while (Boolean.TRUE.equals(page.isTruncated()));
  }

  private static void show(String folder, List<String> batch, LocationSink sink)
      throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    try {
      sink.accept(TenantFolder.tenant(folder), batch);
    } catch (IllegalArgumentException e) {
      LOG.warnf("not a tenant's folder, left alone: key=%s", folder);
    }
  }

  private ListObjectsV2Response list(String after, int most) throws IOException {
    return bucket.ask(
        s3 ->
            s3.listObjectsV2(
                list -> {
                  list.bucket(bucket.name()).prefix(blobs()).maxKeys(most);
                  if (!after.isEmpty()) {
                    list.startAfter(after);
                  }
                }));
  }

  @Override
  public void dropUnfinished(Duration age) throws IOException {
    Instant before = clock.instant().minus(age);
    List<MultipartUpload> open =
        bucket.ask(
            s3 ->
                s3
                    .listMultipartUploadsPaginator(
                        list -> list.bucket(bucket.name()).prefix(blobs()))
                    .uploads()
                    .stream()
                    .filter(upload -> !upload.initiated().isAfter(before))
                    .toList());
    for (MultipartUpload upload : open) {
      bucket.dropParts(upload.key(), upload.uploadId());
    }
  }

  @Override
  public long freeBytes() {
    return ENDLESS;
  }

  @Override
  public Optional<UUID> read() throws IOException {
    try (InputStream body = bucket.get(mark(), 0)) {
      return Optional.of(
          UUID.fromString(new String(body.readAllBytes(), StandardCharsets.UTF_8).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(mark() + ": holds no id", e);
    }
  }

  @Override
  public void write(UUID id) throws IOException {
    byte[] content = (id + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      bucket.putFirst(mark(), content);
    } catch (IOException e) {
      if (!S3Bucket.isRefused(e, PRECONDITION_FAILED)) {
        throw e;
      }
      // Another replica was quicker; who reads finds its id.
    }
  }

  @Override
  public boolean isEmpty() throws IOException {
    return list("", 1).contents().isEmpty();
  }

  @Override
  public void close() {
    small.shutdown();
    bucket.close();
  }

  private String key(String tenant, String location) {
    if (!LOCATION.matcher(location).matches()) {
      throw new IllegalArgumentException("location: " + location + " (expected: " + LOCATION + ")");
    }
    return blobs() + TenantFolder.of(tenant) + "/" + location;
  }

  private String blobs() {
    return prefix + "blobs/";
  }

  private String mark() {
    return prefix + "weft-store-id";
  }
}
