@NullMarked
package dev.weft.platform.testing.sample.broken.app;

import org.jspecify.annotations.NullMarked;
