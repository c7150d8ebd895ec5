/** Tables, JSON and small formats for people. */
@NullMarked
package dev.weft.cli.output;

import org.jspecify.annotations.NullMarked;
