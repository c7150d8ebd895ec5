/** One cell's tasks, attempts and workers: a single-threaded machine without I/O. */
@NullMarked
package dev.weft.router.domain.cell;

import org.jspecify.annotations.NullMarked;
