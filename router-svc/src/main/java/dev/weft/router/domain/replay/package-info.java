/** What if: recorded work lived through again by the cell's own code, on a virtual clock. */
@NullMarked
package dev.weft.router.domain.replay;

import org.jspecify.annotations.NullMarked;
