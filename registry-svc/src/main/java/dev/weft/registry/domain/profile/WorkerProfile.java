package dev.weft.registry.domain.profile;

/** What a worker says of itself once per connection. */
public record WorkerProfile(
    Identity identity,
    Skills skills,
    Machine machine,
    Sandboxing sandboxing,
    Location location,
    Price price) {

  public String name() {
    return identity.name();
  }
}
