/** A directory as a tree artifact: packed, sent, brought back. */
@NullMarked
package dev.weft.cli.tree;

import org.jspecify.annotations.NullMarked;
