package dev.weft.worker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Trees as bytes. Read and written entry by entry, since a large tree as one message takes many
 * times its size.
 */
final class TreeProtoMapper {

  private static final int ENTRY =
      Tree.ENTRIES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int REMOVED =
      Tree.REMOVED_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private TreeProtoMapper() {}

  /**
   * @throws TreeException if an entry can't stand in any tree
   * @throws InvalidProtocolBufferException if the bytes are no tree
   */
  static dev.weft.worker.domain.tree.Tree tree(ByteString bytes, int mostEntries)
      throws TreeException, InvalidProtocolBufferException {
    List<dev.weft.worker.domain.tree.TreeEntry> entries = new ArrayList<>();
    List<TreePath> removed = new ArrayList<>();
    CodedInputStream in = bytes.newCodedInput();
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == ENTRY) {
          TreeEntry.Builder entry = TreeEntry.newBuilder();
          in.readMessage(entry, com.google.protobuf.ExtensionRegistryLite.getEmptyRegistry());
          entries.add(entry(entry.build()));
        } else if (tag == REMOVED) {
          removed.add(TreePath.of(in.readByteArray()));
        } else {
          in.skipField(tag);
        }
        if (entries.size() + removed.size() > mostEntries) {
          // The rules say the rest; there is no need to read on.
          break;
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new dev.weft.worker.domain.tree.Tree(entries, removed);
  }

  private static dev.weft.worker.domain.tree.TreeEntry entry(TreeEntry entry)
      throws TreeException, InvalidProtocolBufferException {
    TreePath path = TreePath.of(entry.getPath().toByteArray());
    return switch (entry.getKind()) {
      case TREE_ENTRY_KIND_FILE ->
          new dev.weft.worker.domain.tree.TreeEntry.Regular(
              path,
              entry.getMode(),
              entry.getSizeBytes(),
              digest(entry.getDigest()),
              entry.getModifyTimeNanos());
      case TREE_ENTRY_KIND_DIRECTORY ->
          new dev.weft.worker.domain.tree.TreeEntry.Directory(
              path, entry.getMode(), entry.getModifyTimeNanos());
      case TREE_ENTRY_KIND_SYMLINK ->
          new dev.weft.worker.domain.tree.TreeEntry.Link(path, entry.getTarget().toByteArray());
      case TREE_ENTRY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new InvalidProtocolBufferException(
              "kind: " + entry.getKindValue() + " (expected: file, directory or symlink)");
    };
  }

  /**
   * @throws InvalidProtocolBufferException unless it has 32 bytes
   */
  static Digest digest(ByteString bytes) throws InvalidProtocolBufferException {
    if (bytes.size() != Digest.BYTES) {
      throw new InvalidProtocolBufferException("digest: " + bytes.size() + " bytes (expected: 32)");
    }
    return Digest.of(bytes.toByteArray());
  }

  static ByteString digest(Digest digest) {
    return ByteString.copyFrom(digest.bytes());
  }

  static ByteString bytes(dev.weft.worker.domain.tree.Tree tree) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (dev.weft.worker.domain.tree.TreeEntry entry : tree.entries()) {
        out.writeMessage(Tree.ENTRIES_FIELD_NUMBER, proto(entry));
      }
      for (TreePath path : tree.removed()) {
        out.writeByteArray(Tree.REMOVED_FIELD_NUMBER, path.bytes());
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }

  private static TreeEntry proto(dev.weft.worker.domain.tree.TreeEntry entry) {
    TreeEntry.Builder builder =
        TreeEntry.newBuilder().setPath(ByteString.copyFrom(entry.path().bytes()));
    return switch (entry) {
      case dev.weft.worker.domain.tree.TreeEntry.Regular file ->
          builder
              .setKind(TreeEntryKind.TREE_ENTRY_KIND_FILE)
              .setMode(file.mode())
              .setSizeBytes(file.size())
              .setDigest(digest(file.digest()))
              .setModifyTimeNanos(file.modifiedNanos())
              .build();
      case dev.weft.worker.domain.tree.TreeEntry.Directory directory ->
          builder
              .setKind(TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY)
              .setMode(directory.mode())
              .setModifyTimeNanos(directory.modifiedNanos())
              .build();
      case dev.weft.worker.domain.tree.TreeEntry.Link link ->
          builder
              .setKind(TreeEntryKind.TREE_ENTRY_KIND_SYMLINK)
              .setTarget(ByteString.copyFrom(link.target()))
              .build();
    };
  }
}
