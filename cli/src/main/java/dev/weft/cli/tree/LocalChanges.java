package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import dev.weft.cli.ignore.IgnoreRules;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guards what is in a directory and is not the task's to change: git's own files anywhere; and in
 * the directory that was packed whatever stayed at home, or is not as it was packed. A task that
 * could write them would have commands run here (a hook), or read what it was never given.
 */
final class LocalChanges {
  private final TargetFolder folder;
  private final @Nullable Map<ByteString, TreeEntry> packed;
  private final FileHasher hasher = new FileHasher();
  private final Set<LeftAlone> leftAlone = new LinkedHashSet<>();

  /** Of the tree, not entered: what is below them has no place here. */
  private final Set<ByteString> shut = new HashSet<>();

  /**
   * @param base what was packed, if the folder is the one that was
   */
  LocalChanges(TargetFolder folder, Optional<PackedTree> base) throws IOException {
    this.folder = folder;
    this.packed = base.isPresent() ? entries(base.get()) : null;
  }

  private static Map<ByteString, TreeEntry> entries(PackedTree base) throws IOException {
    Tree tree = Tree.parseFrom(base.content());
    Map<ByteString, TreeEntry> entries = HashMap.newHashMap(tree.getEntriesCount());
    tree.getEntriesList().forEach(entry -> entries.put(entry.getPath(), entry));
    return entries;
  }

  /** Removes what was packed and is still as it was; elsewhere, nothing. */
  int remove(List<ByteString> paths) throws IOException {
    if (packed == null) {
      return 0;
    }
    List<ByteString> deepestFirst = new ArrayList<>(paths);
    deepestFirst.sort(Comparator.comparingInt(ByteString::size).reversed());
    int removed = 0;
    for (ByteString path : deepestFirst) {
      if (mayRemove(path, packed.get(path)) && folder.remove(path)) {
        removed++;
      }
    }
    return removed;
  }

  private boolean mayRemove(ByteString path, @Nullable TreeEntry before) throws IOException {
    if (isGit(path)) {
      return false;
    }
    Optional<FileStamp.Kind> now = folder.kind(path);
    if (now.isEmpty() || (before != null && isLike(before, now.get()))) {
      return now.isPresent();
    }
    leave(path, before);
    return false;
  }

  /** Asked in the tree's order, once what is above the entry is in its place. */
  boolean mayWrite(TreeEntry entry) throws IOException {
    ByteString path = entry.getPath();
    int slash = TreeRules.lastSlash(path);
    if (isGit(path) || (slash > 0 && shut.contains(path.substring(0, slash)))) {
      shut.add(path);
      return false;
    }
    Optional<FileStamp.Kind> now = packed == null ? Optional.empty() : folder.kind(path);
    if (packed == null || now.isEmpty()) {
      return true;
    }
    TreeEntry before = packed.get(path);
    if (isLike(entry, now.get())) {
      // Of what was not packed even the mode stays; a directory's content is asked for by name.
      return before != null;
    }
    if (before != null && isLike(before, now.get())) {
      return true;
    }
    shut.add(path);
    leave(path, before);
    return false;
  }

  private boolean isGit(ByteString path) {
    byte[] bytes = path.toByteArray();
    int end = IgnoreRules.endOfGit(bytes);
    if (end < 0) {
      return false;
    }
    ByteString git = path.substring(0, end);
    leftAlone.add(new LeftAlone(RawNames.shown(git.toByteArray()), LeftAlone.Cause.GIT));
    return true;
  }

  private void leave(ByteString path, @Nullable TreeEntry before) {
    LeftAlone.Cause cause =
        before == null ? LeftAlone.Cause.NOT_PACKED : LeftAlone.Cause.CHANGED_MEANWHILE;
    leftAlone.add(new LeftAlone(RawNames.shown(path.toByteArray()), cause));
  }

  private boolean isLike(TreeEntry entry, FileStamp.Kind now) throws IOException {
    TreeEntryKind kind = entry.getKind();
    return switch (now) {
      case DIRECTORY -> kind == TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY;
      case FILE ->
          kind == TreeEntryKind.TREE_ENTRY_KIND_FILE
              && hasher.hash(folder.path(entry.getPath())).equals(entry.getDigest());
      case SYMLINK ->
          kind == TreeEntryKind.TREE_ENTRY_KIND_SYMLINK
              && ByteString.copyFrom(
                      RawNames.target(Files.readSymbolicLink(folder.path(entry.getPath()))))
                  .equals(entry.getTarget());
      case OTHER -> false;
    };
  }

  List<LeftAlone> leftAlone() {
    return List.copyOf(leftAlone);
  }
}
