/** S3 against moto, a server that speaks its protocol, with faults in between. */
@NullMarked
package dev.weft.artifact.s3;

import org.jspecify.annotations.NullMarked;
