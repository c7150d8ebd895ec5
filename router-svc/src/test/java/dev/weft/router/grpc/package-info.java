@NullMarked
package dev.weft.router.grpc;

import org.jspecify.annotations.NullMarked;
