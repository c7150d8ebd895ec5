/** What others see of the worker's attempts: spans and metrics. */
@NullMarked
package dev.weft.worker.telemetry;

import org.jspecify.annotations.NullMarked;
