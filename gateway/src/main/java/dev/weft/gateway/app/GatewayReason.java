package dev.weft.gateway.app;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/**
 * Why the door itself refuses. What router and registry answer passes through with their own
 * reasons.
 */
public enum GatewayReason implements Reason {
  /** No `authorization: Bearer …`. */
  TOKEN_MISSING(Code.UNAUTHENTICATED),
  /** No such token. */
  TOKEN_INVALID(Code.UNAUTHENTICATED),
  TOKEN_EXPIRED(Code.UNAUTHENTICATED),
  TOKEN_REVOKED(Code.UNAUTHENTICATED),
  /** A secret in a URL ends up in logs; it is refused even if it is right. */
  TOKEN_IN_QUERY(Code.UNAUTHENTICATED),
  /** The token is right and may not do this; metadata: scope. */
  SCOPE_MISSING(Code.PERMISSION_DENIED),
  /** Too many bad tokens from this address. */
  TOO_MANY_FAILURES(Code.RESOURCE_EXHAUSTED),
  /** A browser page of another origin. */
  ORIGIN_NOT_ALLOWED(Code.PERMISSION_DENIED),
  /** A Host header that this door does not have: DNS rebinding. */
  HOST_NOT_ALLOWED(Code.PERMISSION_DENIED),

  /**
   * The tenant submits more tasks than it may; metadata: allowed, throttle_delay_ms, current_usage,
   * limit, rate_per_second, retry_after.
   */
  SUBMIT_RATE(Code.RESOURCE_EXHAUSTED),
  /**
   * The tenant or its user transfers more bytes than it may; metadata: allowed, resource,
   * throttle_delay_ms, current_usage, limit, retry_after, class, of_user, tier.
   */
  TRANSFER_RATE(Code.RESOURCE_EXHAUSTED),
  /**
   * An amount that no full bucket of the tenant's or the user's holds; metadata: allowed, resource,
   * requested, limit, class, of_user, tier.
   */
  LIMIT_EXCEEDED(Code.FAILED_PRECONDITION),
  /** More submissions wait, or more bytes of requests come, than this gateway holds. */
  QUEUE_FULL(Code.RESOURCE_EXHAUSTED),
  /** As many watches are open as may be, in all or of the tenant; metadata: most. */
  TOO_MANY_WATCHERS(Code.RESOURCE_EXHAUSTED),
  /**
   * As many uploads and downloads are under way as may be, in all or of the tenant; metadata: most.
   */
  TOO_MANY_TRANSFERS(Code.RESOURCE_EXHAUSTED),
  /** That tenant has no budget. */
  BUDGET_NOT_FOUND(Code.NOT_FOUND),
  /** That model has no price. */
  MODEL_PRICE_NOT_FOUND(Code.NOT_FOUND),
  /** That tenant has no tier. */
  LIMITS_NOT_FOUND(Code.NOT_FOUND),
  /** Nobody holds the cell at the moment, or its database is away. */
  CELL_UNAVAILABLE(Code.UNAVAILABLE),
  /** Nobody holds the registry at the moment. */
  REGISTRY_UNAVAILABLE(Code.UNAVAILABLE),
  /** No replica of the artifact service answers. */
  ARTIFACTS_UNAVAILABLE(Code.UNAVAILABLE),
  /** Nobody holds the scaler at the moment. */
  SCALER_UNAVAILABLE(Code.UNAVAILABLE),
  /** The replica that took an upload went away in the middle; nothing of it is kept. */
  UPLOAD_INTERRUPTED(Code.UNAVAILABLE),
  /** The sender of an upload sent nothing for too long. */
  UPLOAD_STALLED(Code.DEADLINE_EXCEEDED),
  /** More bytes than an artifact may have; metadata: most_bytes. */
  ARTIFACT_TOO_LARGE(Code.RESOURCE_EXHAUSTED),
  /** Fewer or other bytes came than were promised. */
  DOWNLOAD_BROKEN(Code.DATA_LOSS),
  /** The gateway's own database is away. */
  STORE_UNAVAILABLE(Code.UNAVAILABLE),
  /** Sent, and not heard of in time; metadata: task_id, with which it can be looked up. */
  OUTCOME_UNKNOWN(Code.DEADLINE_EXCEEDED),

  /** Neither JSON nor protobuf of the method's request. */
  MALFORMED_MESSAGE(Code.INVALID_ARGUMENT),
  PAYLOAD_TOO_LARGE(Code.INVALID_ARGUMENT),
  ROUTE_NOT_FOUND(Code.NOT_FOUND),
  METHOD_NOT_ALLOWED(Code.UNIMPLEMENTED),
  /** The path is served over WebSocket alone. */
  UPGRADE_REQUIRED(Code.FAILED_PRECONDITION),
  UNSUPPORTED_MEDIA_TYPE(Code.INVALID_ARGUMENT),
  NOT_ACCEPTABLE(Code.INVALID_ARGUMENT),
  UNKNOWN_METHOD(Code.UNIMPLEMENTED),
  /** The gateway was built without its browser pages. */
  PAGES_MISSING(Code.UNIMPLEMENTED),

  /** No such ticket, or used, or older than a minute. */
  TICKET_INVALID(Code.UNAUTHENTICATED),
  /** As many sessions are open as may be, in all or of the tenant; metadata: most. */
  TOO_MANY_SESSIONS(Code.RESOURCE_EXHAUSTED),
  /** No cursor of this agent's session. */
  CURSOR_INVALID(Code.INVALID_ARGUMENT),
  /** The agent has ended; metadata: agentId, state. */
  AGENT_OVER(Code.FAILED_PRECONDITION),
  /** The agent has had no body, and nothing of it is stored; metadata: agentId, state. */
  AGENT_NOT_RUNNING(Code.FAILED_PRECONDITION),
  /** A body has not done in time what was asked for; of a snapshot metadata: request_id. */
  ERRAND_PENDING(Code.UNAVAILABLE),
  /** Another gateway is the agent's home; metadata: epoch. */
  STALE_HOME(Code.FAILED_PRECONDITION),
  /** Another body is the agent's; metadata: body. */
  STALE_BODY(Code.FAILED_PRECONDITION),
  /** A body's frame that its stream must not hold. */
  FRAME_INVALID(Code.INVALID_ARGUMENT),
  /** Another client writes, or this one only watches. */
  NOT_WRITER(Code.FAILED_PRECONDITION),
  /** The body has not taken as many keystrokes or signals as wait for it; these are dropped. */
  INPUT_FULL(Code.RESOURCE_EXHAUSTED),
  /** No body is connected that could take it. */
  NO_BODY(Code.FAILED_PRECONDITION),
  /** The other side of a session's stream said nothing for too long. */
  SESSION_SILENT(Code.UNAVAILABLE),
  /** The gateway stops. */
  GATEWAY_STOPS(Code.UNAVAILABLE),
  /** A body went away while its commands ran; metadata: body. */
  BODY_LOST(Code.UNAVAILABLE),

  AGENT_NOT_FOUND(Code.NOT_FOUND),
  /** The agent remembers nothing by that key; metadata: key. */
  MEMORY_KEY_NOT_FOUND(Code.NOT_FOUND),
  TASK_NOT_FOUND(Code.NOT_FOUND),
  WORKER_NOT_FOUND(Code.NOT_FOUND),
  TOKEN_NOT_FOUND(Code.NOT_FOUND),
  ARTIFACT_NOT_FOUND(Code.NOT_FOUND),
  SECRET_NOT_FOUND(Code.NOT_FOUND),
  /** A tenant holds as many secrets as it may; metadata: most. */
  TOO_MANY_SECRETS(Code.RESOURCE_EXHAUSTED),
  /** The range asked for lies beyond the end; metadata: size_bytes. */
  RANGE_NOT_SATISFIABLE(Code.OUT_OF_RANGE),

  /** The worker does not hold the lease that it names. */
  LEASE_NOT_HELD(Code.PERMISSION_DENIED),

  JOIN_TOKEN_INVALID(Code.UNAUTHENTICATED),
  JOIN_TOKEN_EXPIRED(Code.UNAUTHENTICATED),
  JOIN_TOKEN_REVOKED(Code.UNAUTHENTICATED),
  JOIN_TOKEN_NOT_FOUND(Code.NOT_FOUND),
  /** The id was made with another join token, or never. */
  WORKER_ID_FOREIGN(Code.PERMISSION_DENIED),
  /** An operator took the worker's certificate away. */
  WORKER_REVOKED(Code.PERMISSION_DENIED),
  CSR_INVALID(Code.INVALID_ARGUMENT);

  private final Code code;

  GatewayReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
