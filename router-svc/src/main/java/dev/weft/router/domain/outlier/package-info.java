/** Who stands out among workers of the same work: pure policy over monotonic time. */
@NullMarked
package dev.weft.router.domain.outlier;

import org.jspecify.annotations.NullMarked;
