package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.ignore.IgnoreFile;
import dev.weft.cli.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks a directory, leaves out what is ignored, and hashes what changed since the last time. The
 * same content gives the same bytes: names are in the order of their bytes.
 */
public final class TreePacker {
  private static final int MOST_TRIES = 4;

  private final Path top;
  private final Path cacheFolder;
  private final PackProgress progress;
  private final FileHasher hasher = new FileHasher();
  private final TreeWriter writer = new TreeWriter();
  private final List<PackedFile> files = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private int hashed;
  private @Nullable DigestCache cache;

  /** One name of a directory. */
  private static final class Name {
    private final byte[] bytes;
    private final Path path;

    Name(Path path) {
      this.bytes = RawNames.name(path);
      this.path = path;
    }
  }

  private TreePacker(Path top, Path cacheFolder, PackProgress progress) {
    this.top = top;
    this.cacheFolder = cacheFolder;
    this.progress = progress;
  }

  /**
   * Packs a directory.
   *
   * @param cacheFolder where digests are kept from one run to the next
   * @throws TreeException naming what can't travel
   * @throws ChangedWhilePackedException if a file does not hold still
   */
  public static PackedTree pack(Path directory, Path cacheFolder, PackProgress progress) {
    try {
      if (!Files.isDirectory(directory)) {
        throw new TreeException("not a directory: " + directory);
      }
      return new TreePacker(directory.toRealPath(), cacheFolder, progress).pack();
    } catch (IOException e) {
      throw new TreeException(directory + " can't be packed: " + e.getMessage(), e);
    } catch (UnsupportedOperationException e) {
      throw new TreeException("only directories of Unix file systems can be packed", e);
    }
  }

  private PackedTree pack() throws IOException {
    DigestCache digests = DigestCache.load(new CacheFolder(cacheFolder), top);
    cache = digests;
    directory(top, new byte[0], IgnoreRules.none());
    digests.store();
    ByteString content = writer.content();
    return new PackedTree(
        top, content, FileHasher.hash(content), files, hashed, List.copyOf(leftOut));
  }

  private void directory(Path directory, byte[] prefix, IgnoreRules above) throws IOException {
    IgnoreRules rules =
        above.inside(
            prefix.length,
            ignoreFile(directory, ".gitignore"),
            ignoreFile(directory, ".weftignore"));
    for (Name name : names(directory, prefix)) {
      try {
        entry(name, prefix, rules);
      } catch (NoSuchFileException e) {
        // Deleted since the directory was read.
      }
    }
  }

  private static @Nullable IgnoreFile ignoreFile(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      return FileStamp.read(file).kind() == FileStamp.Kind.FILE
          ? IgnoreFile.parse(Files.readAllBytes(file))
          : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static List<Name> names(Path directory, byte[] prefix) throws IOException {
    List<Name> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(path -> names.add(new Name(path)));
    } catch (AccessDeniedException e) {
      throw unreadable(prefix, e);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort((a, b) -> Arrays.compareUnsigned(a.bytes, b.bytes));
    return names;
  }

  private void entry(Name name, byte[] prefix, IgnoreRules rules) throws IOException {
    byte[] path = Arrays.copyOf(prefix, prefix.length + name.bytes.length);
    System.arraycopy(name.bytes, 0, path, prefix.length, name.bytes.length);
    FileStamp stamp = FileStamp.read(name.path);
    boolean isDirectory = stamp.kind() == FileStamp.Kind.DIRECTORY;
    if (rules.ignores(path, prefix.length, isDirectory)) {
      return;
    }
    if (path.length > TreeRules.LONGEST_PATH) {
      throw new TreeException(
          "path: "
              + path.length
              + " bytes (expected: <= "
              + TreeRules.LONGEST_PATH
              + "): "
              + RawNames.shown(path));
    }
    switch (stamp.kind()) {
      case FILE -> file(name.path, path, stamp);
      case SYMLINK -> link(name.path, path, stamp);
      case DIRECTORY -> {
        writer.directory(path, stamp);
        byte[] inside = Arrays.copyOf(path, path.length + 1);
        inside[path.length] = '/';
        directory(name.path, inside, rules);
      }
      case OTHER -> leftOut.add(RawNames.shown(path));
    }
  }

  private void link(Path link, byte[] path, FileStamp stamp) throws IOException {
    byte[] target = RawNames.target(Files.readSymbolicLink(link));
    if (!LinkRule.staysInside(path, target)) {
      throw new TreeException(
          "symbolic link leaves the directory: %s -> %s (expected: relative, '..' only at its beginning, inside; .weftignore can leave it out)"
              .formatted(RawNames.shown(path), RawNames.shown(target)));
    }
    writer.link(path, target, stamp);
  }

  private void file(Path file, byte[] path, FileStamp first) throws IOException {
    ByteString key = UnsafeByteOperations.unsafeWrap(path);
    DigestCache digests = Objects.requireNonNull(cache);
    Optional<ByteString> known = digests.find(key, first);
    FileStamp stamp = first;
    ByteString digest = known.orElse(ByteString.EMPTY);
    hashed += known.isEmpty() ? 1 : 0;
    for (int tries = 1; digest.isEmpty(); tries++) {
      long begun = now();
      ByteString hash = hash(file, path);
      FileStamp after = FileStamp.read(file);
      if (after.sameContent(stamp)) {
        digest = hash;
        if (!stamp.isRacyAt(begun)) {
          digests.put(key, stamp, digest);
        }
      } else if (tries == MOST_TRIES || after.kind() != FileStamp.Kind.FILE) {
        throw new ChangedWhilePackedException(path);
      }
      stamp = after;
    }
    writer.file(path, stamp, digest);
    files.add(new PackedFile(key, digest, stamp.size()));
    progress.packed(files.size());
  }

  private ByteString hash(Path file, byte[] path) throws IOException {
    try {
      return hasher.hash(file);
    } catch (AccessDeniedException e) {
      throw unreadable(path, e);
    }
  }

  private static TreeException unreadable(byte[] path, IOException cause) {
    return new TreeException(
        "not allowed to read: " + RawNames.shown(path) + " (.weftignore can leave it out)", cause);
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
