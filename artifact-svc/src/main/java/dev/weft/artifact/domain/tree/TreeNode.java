package dev.weft.artifact.domain.tree;

/** One name of a tree: where it is, what it is, and its permission bits. */
public record TreeNode(byte[] path, int mode, TreeKind kind) {}
