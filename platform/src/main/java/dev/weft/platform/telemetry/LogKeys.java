package dev.weft.platform.telemetry;

/**
 * The spelling of the facts that many places name, in logs and in spans' attributes. A log's
 * message is constant, facts follow as {@code key=value}, and {@link JsonLines} makes fields of
 * them; all keys stand in docs/operations.md. Values never hold a secret, a payload or an output.
 */
public final class LogKeys {

  public static final String TASK_ID = "taskId";
  public static final String ATTEMPT = "attempt";
  public static final String WORKER_ID = "workerId";
  public static final String EXECUTOR = "executor";
  public static final String EXIT_CODE = "exitCode";
  public static final String TENANT = "tenant";
  public static final String EPOCH = "epoch";
  public static final String REASON = "reason";
  public static final String COUNT = "count";
  public static final String ERROR = "error";

  private LogKeys() {}
}
