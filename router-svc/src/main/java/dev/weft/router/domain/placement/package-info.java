/** Which worker takes a task: hard filter, score, pick, and the record of it. */
@NullMarked
package dev.weft.router.domain.placement;

import org.jspecify.annotations.NullMarked;
