/** What a worker is and does, without any technology: attempts, leases, slots, output, results. */
@NullMarked
package dev.weft.worker.domain;

import org.jspecify.annotations.NullMarked;
