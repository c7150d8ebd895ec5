package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a tree must be before a byte of it is written: it comes from elsewhere. */
final class TreeRules {
  static final int LONGEST_PATH = 4096;
  private static final int PERMISSIONS = 0777;
  private static final int DIGEST = 32;

  private TreeRules() {}

  /** Throws at the first entry that could write outside, or is none that travels. */
  static void check(Tree tree) {
    Map<ByteString, TreeEntryKind> kinds = HashMap.newHashMap(tree.getEntriesCount());
    for (TreeEntry entry : tree.getEntriesList()) {
      checkPath(entry.getPath());
      checkParents(entry.getPath(), kinds);
      checkEntry(entry);
      if (kinds.put(entry.getPath(), entry.getKind()) != null) {
        throw bad(entry.getPath(), "is there twice");
      }
    }
    tree.getRemovedList().forEach(TreeRules::checkPath);
  }

  private static void checkPath(ByteString path) {
    String text = path.toString(StandardCharsets.ISO_8859_1);
    if (path.isEmpty() || path.size() > LONGEST_PATH || text.indexOf('\0') >= 0) {
      throw bad(path, "is no path of 1.." + LONGEST_PATH + " bytes");
    }
    for (String part : text.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw bad(path, "has an empty, '.' or '..' part");
      }
    }
  }

  /** The directory stands before what is in it: none can become a link later on. */
  private static void checkParents(ByteString path, Map<ByteString, TreeEntryKind> kinds) {
    int slash = lastSlash(path);
    if (slash > 0
        && kinds.get(path.substring(0, slash)) != TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY) {
      throw bad(path, "lies below no directory that stands before it");
    }
  }

  /** Where the last part of a path begins, less one; -1 at the top. */
  static int lastSlash(ByteString path) {
    int i = path.size() - 1;
    while (i >= 0 && path.byteAt(i) != '/') {
      i--;
    }
    return i;
  }

  private static void checkEntry(TreeEntry entry) {
    if ((entry.getMode() & ~PERMISSIONS) != 0) {
      throw bad(entry.getPath(), "has mode " + Integer.toOctalString(entry.getMode()));
    }
    switch (entry.getKind()) {
      case TREE_ENTRY_KIND_DIRECTORY -> {}
      case TREE_ENTRY_KIND_FILE -> {
        if (entry.getDigest().size() != DIGEST) {
          throw bad(entry.getPath(), "has no digest");
        }
      }
      case TREE_ENTRY_KIND_SYMLINK -> {
        byte[] target = entry.getTarget().toByteArray();
        if (!LinkRule.staysInside(entry.getPath().toByteArray(), target)) {
          throw bad(entry.getPath(), "links outside: " + RawNames.shown(target));
        }
      }
      case TREE_ENTRY_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw bad(entry.getPath(), "is of a kind that does not travel");
    }
  }

  private static TreeException bad(ByteString path, String why) {
    return new TreeException("refused: " + RawNames.shown(path.toByteArray()) + " " + why);
  }
}
