package dev.weft.gateway.domain.estimate;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Published prices of one region, in USD. What it has no price for is in no estimate. */
public final class PriceBook {

  /** ISO 4217. */
  public static final String CURRENCY = "USD";

  private final String version;
  private final String region;
  private final Map<Meter, Price> prices;
  private final List<Machine> ec2;
  private final List<Machine> vps;

  /**
   * @param ec2 cheapest first
   * @param vps cheapest first
   */
  PriceBook(
      String version,
      String region,
      Map<Meter, Price> prices,
      List<Machine> ec2,
      List<Machine> vps) {
    this.version = version;
    this.region = region;
    this.prices = Map.copyOf(prices);
    this.ec2 = List.copyOf(ec2);
    this.vps = List.copyOf(vps);
  }

  public String version() {
    return version;
  }

  public String region() {
    return region;
  }

  /** When the newest of its prices was stated. */
  public LocalDate dated() {
    return all().stream().map(Price::statedOn).max(LocalDate::compareTo).orElseThrow();
  }

  /** Every price, in a fixed order. */
  public List<Price> all() {
    List<Price> all = new ArrayList<>();
    for (Meter meter : Meter.values()) {
      price(meter).ifPresent(all::add);
    }
    Stream.concat(ec2.stream(), vps.stream()).map(Machine::price).forEach(all::add);
    return all;
  }

  Optional<Price> price(Meter meter) {
    return Optional.ofNullable(prices.get(meter));
  }

  List<Machine> ec2() {
    return ec2;
  }

  List<Machine> vps() {
    return vps;
  }
}
