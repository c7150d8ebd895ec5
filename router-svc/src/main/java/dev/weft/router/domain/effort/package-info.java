/** How hard a task's work is, and what that means for the model and the place it is given. */
@NullMarked
package dev.weft.router.domain.effort;

import org.jspecify.annotations.NullMarked;
