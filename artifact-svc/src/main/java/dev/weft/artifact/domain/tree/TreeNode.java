package dev.weft.artifact.domain.tree;

/** One name of a tree: where it is, what it is, and its permission bits. */
@SuppressWarnings("ArrayRecordComponent") // Never compared; a copy would cost as much again.
public record TreeNode(byte[] path, int mode, TreeKind kind) {}
