/** What work costs, from prices and run times. */
@NullMarked
package dev.weft.router.domain.cost;

import org.jspecify.annotations.NullMarked;
