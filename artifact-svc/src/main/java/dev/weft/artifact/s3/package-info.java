/** Bytes in an S3 bucket. */
@NullMarked
package dev.weft.artifact.s3;

import org.jspecify.annotations.NullMarked;
