@NullMarked
package dev.weft.registry.domain.report;

import org.jspecify.annotations.NullMarked;
