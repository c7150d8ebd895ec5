/** An agent's body: its frames, its commands, when it is idle and when it is saved. */
@NullMarked
package dev.weft.worker.domain.agent;

import org.jspecify.annotations.NullMarked;
