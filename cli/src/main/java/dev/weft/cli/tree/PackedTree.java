package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory as it was packed.
 *
 * @param content the serialized tree
 * @param leftOut names that are neither file, directory nor link, for people
 */
public record PackedTree(
    Path directory,
    ByteString content,
    ByteString digest,
    List<PackedFile> files,
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
