/** The gateway's REST and SSE doors, as the command line uses them. */
@NullMarked
package dev.weft.cli.client;

import org.jspecify.annotations.NullMarked;
