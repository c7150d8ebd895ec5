/** Keeps the documents true: what they name must exist. */
@NullMarked
package dev.weft.e2e.docs;

import org.jspecify.annotations.NullMarked;
