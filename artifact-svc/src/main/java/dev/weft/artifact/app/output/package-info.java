/** Output logs: who owns them, what is sealed, who reads, and the ports that this needs. */
@NullMarked
package dev.weft.artifact.app.output;

import org.jspecify.annotations.NullMarked;
