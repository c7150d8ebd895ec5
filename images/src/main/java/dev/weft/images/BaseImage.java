package dev.weft.images;

import java.nio.file.Path;

/**
 * A base that was built.
 *
 * @param files of the distribution, in it
 */
record BaseImage(Path tar, SystemFiles files) {}
