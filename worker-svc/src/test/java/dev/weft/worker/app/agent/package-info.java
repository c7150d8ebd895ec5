@NullMarked
package dev.weft.worker.app.agent;

import org.jspecify.annotations.NullMarked;
