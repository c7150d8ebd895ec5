/**
 * The small program in front of a resident process, and what both say to each other. It starts with
 * every command, so it needs nothing but the JDK and loads little of that.
 */
@org.jspecify.annotations.NullMarked
package dev.weft.cli.relay;
