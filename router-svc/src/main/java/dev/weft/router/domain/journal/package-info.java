/** What one group commit writes, as values. */
@NullMarked
package dev.weft.router.domain.journal;

import org.jspecify.annotations.NullMarked;
