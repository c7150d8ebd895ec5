@NullMarked
package dev.weft.worker.domain.agent;

import org.jspecify.annotations.NullMarked;
