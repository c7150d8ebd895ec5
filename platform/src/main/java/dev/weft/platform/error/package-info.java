/**
 * One closed catalogue of reasons, one exception that carries them, one mapper to and from gRPC.
 */
@NullMarked
package dev.weft.platform.error;

import org.jspecify.annotations.NullMarked;
