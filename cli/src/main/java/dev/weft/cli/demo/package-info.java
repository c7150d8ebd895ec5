/** The demonstration: everything set up, run, broken and verified. */
@NullMarked
package dev.weft.cli.demo;

import org.jspecify.annotations.NullMarked;
