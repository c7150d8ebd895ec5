package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory as it was packed.
 *
 * @param content the serialized tree
 * @param hashed how many files had to be read; the others were as the last time
 * @param leftOut names that are neither file, directory nor link, for people
 */
public record PackedTree(
    Path directory,
    ByteString content,
    ByteString digest,
    List<PackedFile> files,
    int hashed,
    List<String> leftOut) {

  /** Of all files. */
  public long bytes() {
    return files.stream().mapToLong(PackedFile::size).sum();
  }

  /** How many files. */
  public int fileCount() {
    return files.size();
  }
}
