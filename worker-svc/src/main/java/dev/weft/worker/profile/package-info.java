/** What the worker says of itself: its operator's file, and what probing the machine finds. */
@NullMarked
package dev.weft.worker.profile;

import org.jspecify.annotations.NullMarked;
