/** Real router processes over a real PostgreSQL, dialled over mTLS. */
@NullMarked
package dev.weft.router.process;

import org.jspecify.annotations.NullMarked;
