package dev.weft.gateway.domain.estimate;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * List prices of AWS in us-east-1 and of DigitalOcean, in USD, without free tiers. A change of any
 * of them is a new version with the date on which its source stated it.
 */
final class PublishedPrices {

  private static final String REGION = "us-east-1";
  private static final String FARGATE_PAGE = "https://aws.amazon.com/fargate/pricing/";
  private static final String EC2_PAGE = "https://aws.amazon.com/ec2/pricing/on-demand/";
  private static final String VPC_PAGE = "https://aws.amazon.com/vpc/pricing/";
  private static final String LOGS_PAGE = "https://aws.amazon.com/cloudwatch/pricing/";
  private static final String DROPLETS_PAGE = "https://www.digitalocean.com/pricing/droplets";

  private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);
  private static final LocalDate SEPTEMBER = LocalDate.of(2026, 9, 20);
  private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 16);

  /** Hours after which a droplet's month costs no more. */
  private static final int DROPLET_MONTH_HOURS = 672;

  private PublishedPrices() {}

  static PriceBook table() {
    return new PriceBook("2026-10-16", REGION, meters(), ec2(), droplets());
  }

  private static Map<Meter, Price> meters() {
    Map<Meter, Price> prices = new EnumMap<>(Meter.class);
    prices.put(
        Meter.FARGATE_VCPU_HOUR,
        aws("Fargate vCPU, Linux/x86", "vCPU-hour", 40_480_000, FARGATE_PAGE, JUNE));
    prices.put(
        Meter.FARGATE_GB_HOUR,
        aws("Fargate memory, Linux/x86", "GB-hour", 4_445_000, FARGATE_PAGE, JUNE));
    // Spot prices move; these are 70 % off, the most that is promised.
    prices.put(
        Meter.FARGATE_SPOT_VCPU_HOUR,
        aws("Fargate Spot vCPU, Linux/x86, 70 % off", "vCPU-hour", 12_144_000, FARGATE_PAGE, JUNE));
    prices.put(
        Meter.FARGATE_SPOT_GB_HOUR,
        aws("Fargate Spot memory, Linux/x86, 70 % off", "GB-hour", 1_333_500, FARGATE_PAGE, JUNE));
    prices.put(
        Meter.FARGATE_DISK_GB_HOUR,
        aws("Fargate ephemeral storage above 20 GB", "GB-hour", 111_000, FARGATE_PAGE, JUNE));
    prices.put(
        Meter.VOLUME_GB_MONTH,
        aws(
            "EBS gp3 volume",
            "GB-month",
            80_000_000,
            "https://aws.amazon.com/ebs/pricing/",
            OCTOBER));
    prices.put(
        Meter.STORAGE_GB_MONTH,
        aws(
            "S3 Standard, first 50 TB",
            "GB-month",
            23_000_000,
            "https://aws.amazon.com/s3/pricing/",
            JUNE));
    prices.put(
        Meter.EGRESS_GB,
        aws("Data transfer out to the internet, first 10 TB", "GB", 90_000_000, EC2_PAGE, JUNE));
    prices.put(
        Meter.VPS_EGRESS_GB,
        digitalOcean("Outbound transfer beyond the pool", "GB", 10_000_000, SEPTEMBER));
    prices.put(Meter.NAT_HOUR, aws("NAT gateway", "hour", 45_000_000, VPC_PAGE, SEPTEMBER));
    prices.put(
        Meter.NAT_GB, aws("NAT gateway, data processed", "GB", 45_000_000, VPC_PAGE, SEPTEMBER));
    prices.put(Meter.IPV4_HOUR, aws("Public IPv4 address", "hour", 5_000_000, VPC_PAGE, OCTOBER));
    prices.put(Meter.LOG_GB, aws("CloudWatch Logs, ingestion", "GB", 500_000_000, LOGS_PAGE, JUNE));
    prices.put(
        Meter.LOG_GB_MONTH,
        aws("CloudWatch Logs, storage", "GB-month", 30_000_000, LOGS_PAGE, JUNE));
    return prices;
  }

  private static List<Machine> ec2() {
    return List.of(
        t4g("t4g.nano", 2000, 512, 4_200_000),
        t4g("t4g.micro", 2000, 1024, 8_400_000),
        t4g("t4g.small", 2000, 2048, 16_800_000),
        t4g("t4g.medium", 2000, 4096, 33_600_000),
        t4g("t4g.large", 2000, 8192, 67_200_000),
        t4g("t4g.xlarge", 4000, 16_384, 134_400_000),
        t4g("t4g.2xlarge", 8000, 32_768, 268_800_000));
  }

  private static List<Machine> droplets() {
    return List.of(
        droplet("s-1vcpu-512mb-10gb", 1, 512, 10, 500, 4),
        droplet("s-1vcpu-1gb", 1, 1024, 25, 1000, 6),
        droplet("s-1vcpu-2gb", 1, 2048, 50, 2000, 12),
        droplet("s-2vcpu-2gb", 2, 2048, 60, 3000, 18),
        droplet("s-2vcpu-4gb", 2, 4096, 80, 4000, 24),
        droplet("s-4vcpu-8gb", 4, 8192, 160, 5000, 48),
        droplet("s-8vcpu-16gb", 8, 16_384, 320, 6000, 96));
  }

  private static Machine t4g(String size, int vcpuMillis, int memoryMb, long nanos) {
    Price price = aws("EC2 " + size + ", Linux, on demand", "hour", nanos, EC2_PAGE, OCTOBER);
    return new Machine(size, vcpuMillis, memoryMb, 0, 0, 1, price);
  }

  private static Machine droplet(
      String size, int vcpus, int memoryMb, int diskGb, int transferGb, int usd) {
    Price price =
        digitalOcean(
            "Droplet " + size,
            "month of " + DROPLET_MONTH_HOURS + " h",
            usd * 1_000_000_000L,
            SEPTEMBER);
    return new Machine(
        size, vcpus * 1000, memoryMb, diskGb * 1024, transferGb * 1024, DROPLET_MONTH_HOURS, price);
  }

  private static Price aws(
      String item, String unit, long nanos, String source, LocalDate statedOn) {
    return new Price(item, unit, nanos, "AWS", REGION, source, statedOn);
  }

  private static Price digitalOcean(String item, String unit, long nanos, LocalDate statedOn) {
    return new Price(item, unit, nanos, "DigitalOcean", "all regions", DROPLETS_PAGE, statedOn);
  }
}
