package dev.weft.artifact.blob;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.StoreMark;
import dev.weft.artifact.domain.Digest;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Blobs as files: {@code blobs/<tenant>/<aa>/<digest>-<8 digits>}, under a temporary name in {@code
 * tmp/<node>} until they are flushed. The directory may be shared by replicas.
 */
public final class DirectoryBlobStore implements BlobStore, StoreMark.InStore, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(DirectoryBlobStore.class);
  private static final Pattern LOCATION = Pattern.compile("[0-9a-f]{2}/[0-9a-f]{64}-[0-9a-f]{8}");
  private static final int BATCH = 1_000;

  private final Path root;
  private final Path blobs;
  private final Path temporary;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SmallFiles smallFiles = new SmallFiles(this);

  private DirectoryBlobStore(Path root, String node, InstantSource clock, RandomGenerator random) {
    this.root = root;
    this.blobs = root.resolve("blobs");
    this.temporary = root.resolve("tmp").resolve(node);
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens the directory, made if it is not there, and drops what this node's last life has left.
   *
   * @param node no other process has this name
   * @param random safe for threads
   */
  public static DirectoryBlobStore open(
      Path root, String node, InstantSource clock, RandomGenerator random) throws IOException {
    DirectoryBlobStore store =
        new DirectoryBlobStore(root.toAbsolutePath().normalize(), node, clock, random);
    Durable.directories(store.blobs);
    Durable.directories(store.temporary);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(store.temporary)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    return store;
  }

  @Override
  public DirectoryUpload begin(String tenant) throws IOException {
    try {
      return new DirectoryUpload(this, tenant, temporary.resolve(UUID.randomUUID().toString()));
    } catch (IOException e) {
      throw Durable.explained(e);
    }
  }

  @Override
  public List<String> storeSmall(String tenant, List<SmallBlob> contents) throws IOException {
    return smallFiles.store(tenant, contents);
  }

  @Override
  public Source open(String tenant, String location) throws IOException {
    return new DirectorySource(file(tenant, location));
  }

  @Override
  public void delete(String tenant, Collection<String> locations) throws IOException {
    for (String location : locations) {
      Files.deleteIfExists(file(tenant, location));
    }
  }

  @Override
  public void scan(Duration age, LocationSink sink) throws IOException {
    Instant before = clock.instant().minus(age);
    for (Path folder : children(blobs)) {
      String tenant;
      try {
        tenant = TenantFolder.tenant(folder.getFileName().toString());
      } catch (IllegalArgumentException e) {
        LOG.warnf("not a tenant's folder, left alone: file=%s", folder);
        continue;
      }
      for (Path shard : children(folder)) {
        scanShard(tenant, shard, before, sink);
      }
    }
  }

  private void scanShard(String tenant, Path shard, Instant before, LocationSink sink)
      throws IOException {
    List<String> batch = new ArrayList<>();
    for (Path file : children(shard)) {
      String location = shard.getFileName() + "/" + file.getFileName();
      if (LOCATION.matcher(location).matches() && isBefore(file, before)) {
        batch.add(location);
        if (batch.size() == BATCH) {
          sink.accept(tenant, batch);
          batch = new ArrayList<>();
        }
      }
    }
    if (!batch.isEmpty()) {
      sink.accept(tenant, batch);
    }
  }

  @Override
  public void dropUnfinished(Duration age) throws IOException {
    Instant before = clock.instant().minus(age);
    for (Path node : children(root.resolve("tmp"))) {
      for (Path file : children(node)) {
        if (isBefore(file, before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Override
  public long freeBytes() {
    return root.toFile().getUsableSpace();
  }

  @Override
  public Optional<UUID> read() throws IOException {
    try {
      return Optional.of(UUID.fromString(Files.readString(mark()).strip()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(mark() + ": holds no id", e);
    }
  }

  /** By way of another name, so that no replica reads half of it. */
  @Override
  public void write(UUID id) throws IOException {
    Path unfinished = temporary.resolve(UUID.randomUUID().toString());
    Files.writeString(unfinished, id + "\n");
    try {
      Files.createLink(mark(), unfinished);
    } catch (FileAlreadyExistsException e) {
      // Another replica was quicker; who reads finds its id.
    } finally {
      Files.delete(unfinished);
    }
    Durable.flushDirectory(root);
  }

  @Override
  public boolean isEmpty() throws IOException {
    return children(blobs).isEmpty();
  }

  @Override
  public void close() {
    smallFiles.close();
  }

  String newLocation(Digest digest) {
    String hex = digest.hex();
    return "%s/%s-%08x".formatted(hex.substring(0, 2), hex, random.nextInt());
  }

  Path file(String tenant, String location) {
    if (!LOCATION.matcher(location).matches()) {
      throw new IllegalArgumentException("location: " + location + " (expected: " + LOCATION + ")");
    }
    return blobs.resolve(TenantFolder.of(tenant)).resolve(location);
  }

  Path directoryOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "parent");
  }

  private Path mark() {
    return root.resolve("weft-store-id");
  }

  private static boolean isBefore(Path file, Instant before) throws IOException {
    try {
      return !Files.getLastModifiedTime(file).toInstant().isAfter(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException e) {
      // Gone meanwhile: nothing in it.
    } catch (NotDirectoryException e) {
      LOG.warnf("not a directory, left alone: file=%s", directory);
    }
    return children;
  }
}
