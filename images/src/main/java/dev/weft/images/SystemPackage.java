package dev.weft.images;

/**
 * A package of the distribution.
 *
 * @param distribution for example {@code debian-12}
 */
record SystemPackage(String vendor, String distribution, String name, String version, String arch)
    implements Comparable<SystemPackage> {

  /** As in the purl specification; the plus sign of versions is escaped. */
  String purl() {
    return "pkg:deb/%s/%s@%s?arch=%s&distro=%s"
        .formatted(vendor, name, version.replace("+", "%2B"), arch, distribution);
  }

  @Override
  public int compareTo(SystemPackage other) {
    return purl().compareTo(other.purl());
  }
}
