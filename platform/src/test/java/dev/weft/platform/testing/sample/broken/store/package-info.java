@NullMarked
package dev.weft.platform.testing.sample.broken.store;

import org.jspecify.annotations.NullMarked;
