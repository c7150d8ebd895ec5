/** What the worker needs of the Linux kernel: control groups, the process tree, reaping. */
@NullMarked
package dev.weft.worker.linux;

import org.jspecify.annotations.NullMarked;
