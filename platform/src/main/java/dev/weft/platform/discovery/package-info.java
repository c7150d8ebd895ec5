/** Where the services are: registration in Consul, and lists of addresses that outlive it. */
@NullMarked
package dev.weft.platform.discovery;

import org.jspecify.annotations.NullMarked;
