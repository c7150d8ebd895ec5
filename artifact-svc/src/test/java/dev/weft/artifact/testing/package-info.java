/** What tests of several packages use. */
@NullMarked
package dev.weft.artifact.testing;

import org.jspecify.annotations.NullMarked;
