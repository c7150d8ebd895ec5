/** Secrets and certificates, by the platform's security. */
@NullMarked
package dev.weft.gateway.security;

import org.jspecify.annotations.NullMarked;
