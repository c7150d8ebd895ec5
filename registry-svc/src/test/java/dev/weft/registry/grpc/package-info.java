@NullMarked
package dev.weft.registry.grpc;

import org.jspecify.annotations.NullMarked;
