package dev.weft.platform.telemetry;

import io.quarkus.logging.LoggingFilter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jboss.logmanager.handlers.FileHandler;

/**
 * Lets everything pass, and gives the handlers their format with the first record. Quarkus takes a
 * format of one's own only from an extension; a filter is what it hands to a handler before the
 * first record is written.
 */
@LoggingFilter(name = JsonLog.NAME)
public final class JsonLog implements Filter {

  static final String NAME = "weft-json";

  private final String service;
  private final boolean file;
  private final AtomicBoolean set = new AtomicBoolean();

  /**
   * @param file whether lines go to a file; the console then stays for people
   */
  public JsonLog(
      @ConfigProperty(name = "quarkus.application.name") String service,
      @ConfigProperty(name = "quarkus.log.file.enabled", defaultValue = "false") boolean file) {
    this.service = service;
    this.file = file;
  }

  @Override
  public boolean isLoggable(LogRecord entry) {
    if (!set.get()) {
      format(LogContext.getLogContext().getLogger("").getHandlers());
      set.set(true);
    }
    return true;
  }

  private void format(Handler[] handlers) {
    for (Handler handler : handlers) {
      if (file ? handler instanceof FileHandler : handler instanceof ConsoleHandler) {
        handler.setFormatter(new JsonLines(service));
      } else if (handler instanceof ExtHandler around) {
        format(around.getHandlers());
      }
    }
  }
}
