@NullMarked
package dev.weft.platform.testing.sample.broken.grpc;

import org.jspecify.annotations.NullMarked;
