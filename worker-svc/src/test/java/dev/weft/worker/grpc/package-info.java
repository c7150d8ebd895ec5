@NullMarked
package dev.weft.worker.grpc;

import org.jspecify.annotations.NullMarked;
