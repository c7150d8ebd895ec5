@NullMarked
package dev.weft.platform.testing.sample.kept.domain;

import org.jspecify.annotations.NullMarked;
