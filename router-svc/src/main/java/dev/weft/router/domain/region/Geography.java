package dev.weft.router.domain.region;

/** What placement knows of the globe. */
public record Geography(Regions regions, SunHours sun) {

  public static final Geography STANDARD = new Geography(Regions.STANDARD, SunHours.NONE);
}
