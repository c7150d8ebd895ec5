/** JUnit support: one throw-away PostgreSQL per JVM and a fresh database per test class. */
@NullMarked
package dev.weft.parts.junit;

import org.jspecify.annotations.NullMarked;
