package dev.weft.gateway.domain.estimate;

/** What one agent runs on while it is active. */
sealed interface Body {

  String size();

  /** A container that is charged by what it asked for. */
  record Fargate(FargateSize asked, Meter vcpuHour, Meter gbHour) implements Body {

    @Override
    public String size() {
      return asked.text();
    }
  }

  /** A machine of the cloud's own network, with a volume. */
  record Instance(Machine machine) implements Body {

    @Override
    public String size() {
      return machine.size();
    }
  }

  /** A server with its disk, its public address and its share of traffic. */
  record Server(Machine machine) implements Body {

    @Override
    public String size() {
      return machine.size();
    }
  }
}
