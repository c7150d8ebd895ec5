package dev.weft.platform.error;

import io.grpc.Status;

/**
 * Why a call or a piece of work did not succeed. Implemented by enums only, so that the catalogue
 * is closed; every constant has a row in {@code docs/errors.md}.
 */
public interface Reason {

  /** The UPPER_SNAKE_CASE word on the wire; an enum's own name. */
  String name();

  /** The gRPC code that goes with the reason; never OK. */
  Status.Code code();
}
