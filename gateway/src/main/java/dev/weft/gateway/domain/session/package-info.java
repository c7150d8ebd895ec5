/**
 * Rules of an agent's session: its numbering, what is kept of it, who writes. Plain values only.
 */
@NullMarked
package dev.weft.gateway.domain.session;

import org.jspecify.annotations.NullMarked;
