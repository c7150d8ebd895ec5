/** What a worker reports from beat to beat, and what becomes of it over its life. */
@NullMarked
package dev.weft.registry.domain.report;

import org.jspecify.annotations.NullMarked;
