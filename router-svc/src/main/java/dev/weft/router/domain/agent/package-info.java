/** An agent's life: its states, what its bodies' tasks mean to it, and what is done about it. */
@NullMarked
package dev.weft.router.domain.agent;

import org.jspecify.annotations.NullMarked;
