/** The resident process: runs commands of one user for the small program, beside each other. */
@org.jspecify.annotations.NullMarked
package dev.weft.cli.resident;
