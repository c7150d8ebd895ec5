package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Paths of a workspace as people write them; nothing is repaired. */
final class LivePaths {

  private static final int MOST_SHOWN = 100;

  private LivePaths() {}

  /** The names that lead there; none is the workspace itself. One '/' may stand at the end. */
  static List<byte[]> names(String path) throws CarryException {
    String plain =
        path.endsWith("/") && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
    if (plain.isEmpty()) {
      return new ArrayList<>();
    }
    try {
      TreePath whole = TreePath.of(plain.getBytes(UTF_8));
      return new ArrayList<>(whole.names());
    } catch (TreeException e) {
      throw refused("path", path, "relative, inside the workspace, without '.' and '..'");
    }
  }

  static byte[] name(String name) throws CarryException {
    try {
      TreePath only = TreePath.of(name.getBytes(UTF_8));
      if (only.topLevel()) {
        return only.bytes();
      }
    } catch (TreeException e) {
      throw refused("name", name, "one name of 1..255 bytes");
    }
    throw refused("name", name, "one name of 1..255 bytes");
  }

  static byte[] joined(List<byte[]> names) {
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    for (byte[] name : names) {
      if (path.size() > 0) {
        path.write('/');
      }
      path.writeBytes(name);
    }
    return path.toByteArray();
  }

  /** The same file, by its path in the workspace. */
  static TreeEntry.Regular under(List<byte[]> directory, TreeEntry.Regular file)
      throws TreeException {
    List<byte[]> names = new ArrayList<>(directory);
    names.addAll(file.path().names());
    return new TreeEntry.Regular(
        TreePath.of(joined(names)), file.mode(), file.size(), file.digest(), file.modifiedNanos());
  }

  /** The rest of a path that is so far down. */
  static TreePath below(TreePath path, int levels) throws TreeException {
    return TreePath.of(joined(path.names().subList(levels, path.names().size())));
  }

  static String shown(List<byte[]> path) {
    StringBuilder text = new StringBuilder();
    path.forEach(name -> text.append(text.isEmpty() ? "" : "/").append(new String(name, UTF_8)));
    return text.isEmpty() ? "the workspace" : text.toString();
  }

  static CarryException refused(String field, String value, String expected) {
    String shown = value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN) + "…" : value;
    return new CarryException(
        new Failure(
            FailureReason.INVALID_FIELD,
            "%s: %s (expected: %s)".formatted(field, shown, expected),
            Map.of("field", field)));
  }
}
