@NullMarked
package dev.weft.platform.testing.sample.kept.app;

import org.jspecify.annotations.NullMarked;
