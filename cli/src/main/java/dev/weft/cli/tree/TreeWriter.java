package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.io.IOException;

/**
 * Writes a {@link Tree} field by field: no object for each of many files, and none of the
 * contract's classes, which take longer to load than a directory to pack; they are loaded
 * meanwhile, by whoever connects.
 */
final class TreeWriter {
  private static final int FIRST_SIZE = 64 * 1024;

  private final ByteString.Output bytes = ByteString.newOutput(FIRST_SIZE);
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  void file(byte[] path, FileStamp stamp, ByteString digest) throws IOException {
    int size =
        common(path, TreeEntryKind.TREE_ENTRY_KIND_FILE_VALUE, stamp)
            + CodedOutputStream.computeUInt64Size(TreeEntry.SIZE_BYTES_FIELD_NUMBER, stamp.size())
            + CodedOutputStream.computeBytesSize(TreeEntry.DIGEST_FIELD_NUMBER, digest);
    begin(size, path, TreeEntryKind.TREE_ENTRY_KIND_FILE_VALUE, stamp);
    out.writeUInt64(TreeEntry.SIZE_BYTES_FIELD_NUMBER, stamp.size());
    out.writeBytes(TreeEntry.DIGEST_FIELD_NUMBER, digest);
    end(stamp);
  }

  void directory(byte[] path, FileStamp stamp) throws IOException {
    int kind = TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY_VALUE;
    begin(common(path, kind, stamp), path, kind, stamp);
    end(stamp);
  }

  void link(byte[] path, byte[] target, FileStamp stamp) throws IOException {
    int kind = TreeEntryKind.TREE_ENTRY_KIND_SYMLINK_VALUE;
    int size =
        common(path, kind, stamp)
            + CodedOutputStream.computeByteArraySize(TreeEntry.TARGET_FIELD_NUMBER, target);
    begin(size, path, kind, stamp);
    out.writeByteArray(TreeEntry.TARGET_FIELD_NUMBER, target);
    end(stamp);
  }

  ByteString content() throws IOException {
    out.flush();
    return bytes.toByteString();
  }

  /** Size of the fields that every entry has. */
  private static int common(byte[] path, int kind, FileStamp stamp) {
    return CodedOutputStream.computeByteArraySize(TreeEntry.PATH_FIELD_NUMBER, path)
        + CodedOutputStream.computeEnumSize(TreeEntry.KIND_FIELD_NUMBER, kind)
        + CodedOutputStream.computeUInt32Size(TreeEntry.MODE_FIELD_NUMBER, stamp.mode())
        + CodedOutputStream.computeInt64Size(
            TreeEntry.MODIFY_TIME_NANOS_FIELD_NUMBER, stamp.modified());
  }

  private void begin(int size, byte[] path, int kind, FileStamp stamp) throws IOException {
    out.writeTag(Tree.ENTRIES_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(size);
    out.writeByteArray(TreeEntry.PATH_FIELD_NUMBER, path);
    out.writeEnum(TreeEntry.KIND_FIELD_NUMBER, kind);
    out.writeUInt32(TreeEntry.MODE_FIELD_NUMBER, stamp.mode());
  }

  /** The field with the highest number comes last. */
  private void end(FileStamp stamp) throws IOException {
    out.writeInt64(TreeEntry.MODIFY_TIME_NANOS_FIELD_NUMBER, stamp.modified());
  }
}
