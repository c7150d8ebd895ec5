/** What users are promised, proved on real processes through public ports. */
@NullMarked
package dev.weft.e2e;

import org.jspecify.annotations.NullMarked;
