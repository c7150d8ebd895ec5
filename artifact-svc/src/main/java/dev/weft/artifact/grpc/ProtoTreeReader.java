package dev.weft.artifact.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weft.artifact.app.TreeReader;
import dev.weft.artifact.domain.InvalidValue;
import dev.weft.artifact.domain.tree.InvalidTree;
import dev.weft.artifact.domain.tree.TreeKind;
import dev.weft.artifact.domain.tree.TreeNode;
import dev.weft.artifact.domain.tree.TreeRules;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import java.io.IOException;
import java.io.InputStream;

/** Reads a serialized Tree field by field. */
public final class ProtoTreeReader implements TreeReader {

  /** Two paths of 4,096 bytes, a digest and some numbers. */
  private static final int MOST_ENTRY = 16 << 10;

  @Override
  public void read(InputStream bytes, TreeRules rules) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes, 64 << 10);
    input.setSizeLimit(Integer.MAX_VALUE);
    try {
      for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
        field(input, tag, rules);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidTree("bytes: no Tree (" + e.getMessage() + ")", e);
    } catch (InvalidValue e) {
      throw new InvalidTree(String.valueOf(e.getMessage()), e);
    }
  }

  private static void field(CodedInputStream input, int tag, TreeRules rules) throws IOException {
    int number = WireFormat.getTagFieldNumber(tag);
    boolean bytes = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    if (number == Tree.ENTRIES_FIELD_NUMBER && bytes) {
      rules.accept(
          node(TreeEntry.parseFrom(small(input), ExtensionRegistryLite.getEmptyRegistry())));
    } else if (number == Tree.REMOVED_FIELD_NUMBER && bytes) {
      rules.removed(small(input));
    } else {
      // Of a later release; who unpacks it would not know what to do with it.
      throw new InvalidTree("field: " + number + " (expected: entries or removed)");
    }
  }

  private static byte[] small(CodedInputStream input) throws IOException {
    int length = input.readRawVarint32();
    if (length < 0 || length > MOST_ENTRY) {
      throw new InvalidTree("entry: " + length + " bytes (expected: 0.." + MOST_ENTRY + ")");
    }
    return input.readRawBytes(length);
  }

  private static TreeNode node(TreeEntry entry) {
    return new TreeNode(entry.getPath().toByteArray(), entry.getMode(), kind(entry));
  }

  private static TreeKind kind(TreeEntry entry) {
    boolean content = !entry.getDigest().isEmpty() || entry.getSizeBytes() != 0;
    boolean target = !entry.getTarget().isEmpty();
    return switch (entry.getKind()) {
      case TREE_ENTRY_KIND_FILE -> {
        refuse(target, entry.getPath());
        yield new TreeKind.RegularFile(
            StoreProtoMapper.digest(entry.getDigest()), entry.getSizeBytes());
      }
      case TREE_ENTRY_KIND_DIRECTORY -> {
        refuse(target || content, entry.getPath());
        yield new TreeKind.Directory();
      }
      case TREE_ENTRY_KIND_SYMLINK -> {
        refuse(content, entry.getPath());
        yield new TreeKind.SymbolicLink(entry.getTarget().toByteArray());
      }
      case TREE_ENTRY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new InvalidTree(
              "kind: " + entry.getKindValue() + " (expected: file, directory or link)");
    };
  }

  private static void refuse(boolean both, ByteString path) {
    if (both) {
      throw new InvalidTree(
          "entry of " + path.size() + " bytes of path: content or target of another kind");
    }
  }
}
