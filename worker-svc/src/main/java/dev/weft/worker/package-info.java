/** The worker process: its configuration, its parts and how it starts and ends. */
@NullMarked
package dev.weft.worker;

import org.jspecify.annotations.NullMarked;
