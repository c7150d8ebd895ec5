@NullMarked
package dev.weft.worker.domain;

import org.jspecify.annotations.NullMarked;
