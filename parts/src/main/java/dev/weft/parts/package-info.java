/** Real PostgreSQL, Redis and Consul as child processes, and where their programs come from. */
@NullMarked
package dev.weft.parts;

import org.jspecify.annotations.NullMarked;
