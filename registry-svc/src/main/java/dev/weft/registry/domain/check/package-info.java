/** Rules for single values, and what a broken one says. */
@NullMarked
package dev.weft.registry.domain.check;

import org.jspecify.annotations.NullMarked;
