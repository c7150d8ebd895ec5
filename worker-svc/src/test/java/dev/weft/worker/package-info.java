@NullMarked
package dev.weft.worker;

import org.jspecify.annotations.NullMarked;
