/**
 * gRPC between Weft's own processes: mTLS servers that know their peers, channels, and following of
 * a holder.
 */
@NullMarked
package dev.weft.platform.grpc;

import org.jspecify.annotations.NullMarked;
