@NullMarked
package dev.weft.platform.testing.sample.kept.store;

import org.jspecify.annotations.NullMarked;
