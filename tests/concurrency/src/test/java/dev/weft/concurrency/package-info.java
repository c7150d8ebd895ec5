@NullMarked
package dev.weft.concurrency;

import org.jspecify.annotations.NullMarked;
