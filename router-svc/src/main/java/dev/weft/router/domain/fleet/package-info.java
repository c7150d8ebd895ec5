/** The workers as the placer sees them: profile, verdict, credit. */
@NullMarked
package dev.weft.router.domain.fleet;

import org.jspecify.annotations.NullMarked;
