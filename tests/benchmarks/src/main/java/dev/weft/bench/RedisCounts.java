package dev.weft.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often each command of the mesh's Redis was called, by Redis's own count. */
final class RedisCounts {

  private static final String PREFIX = "cmdstat_";

  private RedisCounts() {}

  static Map<String, Double> read(Mesh mesh) throws IOException {
    Map<String, Double> all = new LinkedHashMap<>();
    double calls = 0;
    for (String line : info(mesh).split("\r\n")) {
      if (line.startsWith(PREFIX)) {
        String name = line.substring(PREFIX.length(), line.indexOf(':'));
        String value = line.substring(line.indexOf("calls=") + "calls=".length());
        calls += Double.parseDouble(value.substring(0, value.indexOf(',')));
        all.put("Redis: " + name, Double.parseDouble(value.substring(0, value.indexOf(','))));
      }
    }
    all.put("Redis: commands in all", calls);
    return all;
  }

  private static String info(Mesh mesh) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), mesh.port("redis", "redis"))) {
      String request = "AUTH " + mesh.secret("redis") + "\r\nINFO commandstats\r\nQUIT\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder all = new StringBuilder();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        all.append(line).append("\r\n");
      }
      return all.toString();
    }
  }
}
