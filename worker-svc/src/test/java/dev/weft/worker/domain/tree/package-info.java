@NullMarked
package dev.weft.worker.domain.tree;

import org.jspecify.annotations.NullMarked;
