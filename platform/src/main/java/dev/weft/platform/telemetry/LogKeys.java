package dev.weft.platform.telemetry;

/**
 * The one spelling of every fact in logs and span attributes: the message is constant, facts follow
 * as {@code key=value} with these keys. Values never hold a secret, a payload or an output.
 */
public final class LogKeys {

  public static final String TASK_ID = "taskId";
  public static final String ATTEMPT_ID = "attemptId";
  public static final String ATTEMPT = "attempt";
  public static final String FENCE = "fence";
  public static final String WORKER_ID = "workerId";
  public static final String INCARNATION = "incarnation";
  public static final String TENANT = "tenant";
  public static final String PRINCIPAL = "principal";
  public static final String TOKEN_ID = "tokenId";
  public static final String CELL = "cell";
  public static final String EPOCH = "epoch";
  public static final String HOLDER = "holder";
  public static final String NODE = "node";
  public static final String ROLE = "role";
  public static final String ADDRESS = "address";
  public static final String METHOD = "method";
  public static final String CODE = "code";
  public static final String REASON = "reason";
  public static final String COUNT = "count";
  public static final String TOOK = "took";
  public static final String ERROR = "error";

  private LogKeys() {}
}
