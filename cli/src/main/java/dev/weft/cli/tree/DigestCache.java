package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The digests of a directory's files as they were last packed, so that only what changed is read
 * again. It is only a cache: a file of it that is broken, foreign or gone costs nothing but time,
 * and a file whose stamp may hide a change never gets in.
 */
final class DigestCache {
  private static final byte[] MAGIC = "weft-digests-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final int STAMP = 4 * Long.BYTES;
  private static final Duration UNUSED = Duration.ofDays(30);

  /** What is known of one path. */
  private record Known(long size, long modified, long changed, long inode, ByteString digest) {
    boolean isOf(FileStamp stamp) {
      return size == stamp.size()
          && modified == stamp.modified()
          && changed == stamp.changed()
          && inode == stamp.inode();
    }
  }

  private final CacheFolder folder;
  private final Path file;
  private final Map<ByteString, Known> before;
  private final Map<ByteString, Known> now = new HashMap<>();
  private boolean dirty;

  private DigestCache(CacheFolder folder, Path file, Map<ByteString, Known> before) {
    this.folder = folder;
    this.file = file;
    this.before = before;
  }

  /**
   * What was stored for a directory.
   *
   * @param folder of all caches
   */
  static DigestCache load(CacheFolder folder, Path directory) {
    // Another directory may have the same fingerprint: a path's stamp tells whose it is.
    Path file = folder.file(directory, ".digests");
    return new DigestCache(folder, file, read(file));
  }

  Optional<ByteString> find(ByteString path, FileStamp stamp) {
    Known known = before.get(path);
    if (known == null || !known.isOf(stamp)) {
      dirty = true;
      return Optional.empty();
    }
    now.put(path, known);
    return Optional.of(known.digest());
  }

  /** Remembers the digest of a file that was read and is not racy. */
  void put(ByteString path, FileStamp stamp, ByteString digest) {
    now.put(
        path, new Known(stamp.size(), stamp.modified(), stamp.changed(), stamp.inode(), digest));
    dirty = true;
  }

  /** Keeps what was found and put since it was loaded; failing to do so does no harm. */
  void store() {
    if (!dirty && now.size() == before.size()) {
      return;
    }
    try {
      folder.replace(file, serialized());
      sweep();
    } catch (IOException e) {
      // The next run hashes again.
    }
  }

  private byte[] serialized() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(now.size() * 128 + 64);
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(MAGIC);
    out.writeInt(now.size());
    for (Map.Entry<ByteString, Known> entry : now.entrySet()) {
      Known known = entry.getValue();
      out.writeShort(entry.getKey().size());
      entry.getKey().writeTo(out);
      out.writeLong(known.size());
      out.writeLong(known.modified());
      out.writeLong(known.changed());
      out.writeLong(known.inode());
      known.digest().writeTo(out);
    }
    out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  private static Map<ByteString, Known> read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int end = bytes.length - Long.BYTES;
      boolean whole =
          end >= MAGIC.length
              && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
              && ByteBuffer.wrap(bytes).getLong(end) == checksum(bytes, end);
      return whole ? parse(ByteBuffer.wrap(bytes, MAGIC.length, end - MAGIC.length)) : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  private static Map<ByteString, Known> parse(ByteBuffer in) {
    int count = in.getInt();
    Map<ByteString, Known> all = HashMap.newHashMap(count);
    for (int i = 0; i < count; i++) {
      ByteString path = slice(in, Short.toUnsignedInt(in.getShort()));
      ByteBuffer stamp = in.slice(in.position(), STAMP);
      in.position(in.position() + STAMP);
      all.put(
          path,
          new Known(
              stamp.getLong(),
              stamp.getLong(),
              stamp.getLong(),
              stamp.getLong(),
              slice(in, DIGEST)));
    }
    return all;
  }

  private static ByteString slice(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** Against what a crash may leave; whoever can write here can do worse. */
  private static long checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }

  /** Directories come and go; their caches go too. */
  private void sweep() throws IOException {
    FileTime oldest = FileTime.from(Instant.now().minus(UNUSED));
    try (Stream<Path> files = Files.list(folder.folder())) {
      for (Path old : files.toList()) {
        if (Files.getLastModifiedTime(old).compareTo(oldest) < 0) {
          Files.deleteIfExists(old);
        }
      }
    }
  }
}
