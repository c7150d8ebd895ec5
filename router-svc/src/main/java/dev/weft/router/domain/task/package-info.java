/** What a task is: ids, states, terms. */
@NullMarked
package dev.weft.router.domain.task;

import org.jspecify.annotations.NullMarked;
