/** Which users belong together, and when such a group is split. */
@NullMarked
package dev.weft.router.domain.shard;

import org.jspecify.annotations.NullMarked;
