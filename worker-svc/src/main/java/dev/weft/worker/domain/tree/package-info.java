/** Directories as values: what travels between machines, and the rules that keep it harmless. */
@NullMarked
package dev.weft.worker.domain.tree;

import org.jspecify.annotations.NullMarked;
