package dev.weft.artifact.domain.tree;

import dev.weft.artifact.domain.Digest;

/** What a name stands for; nothing else travels. */
public sealed interface TreeKind {

  /** A file, by its content. */
  record RegularFile(Digest digest, long size) implements TreeKind {}

  /** A directory. */
  record Directory() implements TreeKind {}

  /** A symbolic link. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared; a copy would cost as much again.
  record SymbolicLink(byte[] target) implements TreeKind {}
}
