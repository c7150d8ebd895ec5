package dev.weft.worker.domain.tree;

/** One name in a tree. Devices, sockets and pipes do not travel. */
public sealed interface TreeEntry {

  TreePath path();

  /** A file; its bytes are a blob. */
  record Regular(TreePath path, int mode, long size, Digest digest, long modifiedNanos)
      implements TreeEntry {}

  record Directory(TreePath path, int mode, long modifiedNanos) implements TreeEntry {}

  /**
   * A symbolic link.
   *
   * @param target as it stands in the link; relative
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; compared where they must be.
  record Link(TreePath path, byte[] target) implements TreeEntry {}
}
