/** How much tenants may have at once. */
@NullMarked
package dev.weft.router.domain.limit;

import org.jspecify.annotations.NullMarked;
