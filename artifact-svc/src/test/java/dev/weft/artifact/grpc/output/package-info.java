@NullMarked
package dev.weft.artifact.grpc.output;

import org.jspecify.annotations.NullMarked;
