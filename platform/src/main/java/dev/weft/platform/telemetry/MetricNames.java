package dev.weft.platform.telemetry;

/** Names and labels of the RPC metrics that every process of the mesh has. */
public final class MetricNames {

  /** Timer per finished unary call that this process served. */
  public static final String RPC_SERVER = "weft.rpc.server";

  /** Timer per finished unary call that this process made. */
  public static final String RPC_CLIENT = "weft.rpc.client";

  /** Counter of ended streams that this process served; how long a stream was open says nothing. */
  public static final String STREAM_SERVER = "weft.rpc.server.streams";

  /** Counter of ended streams that this process opened. */
  public static final String STREAM_CLIENT = "weft.rpc.client.streams";

  public static final String LABEL_SERVICE = "service";
  public static final String LABEL_METHOD = "method";
  public static final String LABEL_CODE = "code";

  private MetricNames() {}
}
