package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.io.IOException;

/** Writes a {@link Tree} entry by entry, so that no object is kept for each of many files. */
final class TreeWriter {
  private static final int ONE_ENTRY = 160;

  private final ByteString.Output bytes = ByteString.newOutput(1024 * ONE_ENTRY);
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  void file(byte[] path, FileStamp stamp, ByteString digest) throws IOException {
    write(
        entry(path, TreeEntryKind.TREE_ENTRY_KIND_FILE, stamp)
            .setSizeBytes(stamp.size())
            .setDigest(digest));
  }

  void directory(byte[] path, FileStamp stamp) throws IOException {
    write(entry(path, TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY, stamp));
  }

  void link(byte[] path, byte[] target, FileStamp stamp) throws IOException {
    write(
        entry(path, TreeEntryKind.TREE_ENTRY_KIND_SYMLINK, stamp)
            .setTarget(UnsafeByteOperations.unsafeWrap(target)));
  }

  ByteString content() throws IOException {
    out.flush();
    return bytes.toByteString();
  }

  private static TreeEntry.Builder entry(byte[] path, TreeEntryKind kind, FileStamp stamp) {
    return TreeEntry.newBuilder()
        .setPath(UnsafeByteOperations.unsafeWrap(path))
        .setKind(kind)
        .setMode(stamp.mode())
        .setModifyTimeNanos(stamp.modified());
  }

  private void write(TreeEntry.Builder entry) throws IOException {
    out.writeMessage(Tree.ENTRIES_FIELD_NUMBER, entry.build());
  }
}
