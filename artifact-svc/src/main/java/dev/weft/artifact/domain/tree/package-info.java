/** What a directory's tree may hold. */
@NullMarked
package dev.weft.artifact.domain.tree;

import org.jspecify.annotations.NullMarked;
