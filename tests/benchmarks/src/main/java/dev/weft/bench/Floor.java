package dev.weft.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The least that a durable task can take on this machine in this minute: two commits, and six
 * messages one way (client, gateway, placer, worker, placer, gateway, client).
 *
 * @param commitMicros the median of a commit of one row by one client
 * @param oneWayMicros half the median of there and back over gRPC with TLS on both sides
 */
record Floor(double commitMicros, double oneWayMicros) {

  private static final int COMMITS = 3_000;
  private static final int TRIPS = 20_000;
  private static final int MESSAGES = 6;
  private static final long HIGHEST_NANOS = TimeUnit.SECONDS.toNanos(10);

  static Floor of(Mesh mesh) throws IOException, InterruptedException, SQLException {
    try (Scratch scratch = Scratch.open(mesh);
        Ping ping = Ping.mutualTls(mesh)) {
      double commit = commits(scratch).getValueAtPercentile(50) / 1e3;
      return new Floor(commit, ping.roundTrips(TRIPS).getValueAtPercentile(50) / 2e3);
    }
  }

  double millis() {
    return (2 * commitMicros + MESSAGES * oneWayMicros) / 1e3;
  }

  void tell(Report report) {
    String remark =
        "two commits of %.0f µs and six messages of %.0f µs".formatted(commitMicros, oneWayMicros);
    report.add("floor of this run", millis(), "ms", remark);
  }

  private static Histogram commits(Scratch scratch) throws SQLException {
    Histogram nanos = new Histogram(HIGHEST_NANOS, 3);
    try (Connection connection = scratch.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO spec VALUES (?, now(), 'local', ?)")) {
      for (int i = 0; i < COMMITS; i++) {
        insert.setLong(1, i);
        insert.setBytes(2, new byte[TaskClient.PAYLOAD_BYTES]);
        long begun = System.nanoTime();
        insert.executeUpdate();
        if (i >= COMMITS / 5) {
          nanos.recordValue(Math.min(HIGHEST_NANOS, System.nanoTime() - begun));
        }
      }
    }
    return nanos;
  }
}
