package dev.weft.platform.telemetry;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Meters per method and code, looked up without allocation once they exist. Labels are bounded:
 * methods are those of the descriptors compiled in, codes are gRPC's.
 */
final class RpcMetrics {

  private final MeterRegistry registry;
  private final String unaryName;
  private final String streamName;
  private final ConcurrentMap<Key, Timer> timers = new ConcurrentHashMap<>();
  private final ConcurrentMap<Key, Counter> counters = new ConcurrentHashMap<>();

  private record Key(String method, Code code) {}

  RpcMetrics(MeterRegistry registry, String unaryName, String streamName) {
    this.registry = registry;
    this.unaryName = unaryName;
    this.streamName = streamName;
  }

  void ended(MethodDescriptor<?, ?> method, Code code, long nanos) {
    Key key = new Key(method.getFullMethodName(), code);
    if (method.getType() == MethodType.UNARY) {
      timers.computeIfAbsent(key, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    } else {
      counters.computeIfAbsent(key, this::counter).increment();
    }
  }

  private Timer timer(Key key) {
    return Timer.builder(unaryName).tags(tags(key)).register(registry);
  }

  private Counter counter(Key key) {
    return Counter.builder(streamName).tags(tags(key)).register(registry);
  }

  private static Tags tags(Key key) {
    int slash = key.method().lastIndexOf('/');
    return Tags.of(
        MetricNames.LABEL_SERVICE, key.method().substring(0, slash),
        MetricNames.LABEL_METHOD, key.method().substring(slash + 1),
        MetricNames.LABEL_CODE, key.code().name());
  }
}
