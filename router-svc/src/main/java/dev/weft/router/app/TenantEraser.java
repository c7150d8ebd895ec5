package dev.weft.router.app;

/** Removes every trace of a tenant from the store, once it is closed for good. */
public interface TenantEraser {

  /**
   * Removes the tenant's tasks and agents and all that belongs to them. Blocks; goes in steps, so
   * it may be called again after a failure. The cell's memory is another's to clear, see {@link
   * TenantErasures}.
   *
   * @return how many tasks were removed
   * @throws OpenTasks the tenant still has work, or agents with a body: nothing was removed
   * @throws JournalException.EpochLost another replica holds the cell
   * @throws JournalException.Unavailable no connection, or it broke in between
   */
  long erase(long epoch, String tenant);

  /** Cancel them first, and let no new ones in. */
  final class OpenTasks extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OpenTasks(String tenant) {
      super("tenant with open tasks: " + tenant + " (expected: none open)");
    }
  }
}
