/** The weft command: what people type, and what it prints. */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;
