/** A command's output on its way to its log: numbered, bounded, kept until it is sealed. */
@NullMarked
package dev.weft.worker.domain.output;

import org.jspecify.annotations.NullMarked;
