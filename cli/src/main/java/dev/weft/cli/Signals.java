package dev.weft.cli;

import dev.weft.cli.relay.ProcessSignal;

/** Signals to whoever typed the command, which need not be this process. */
public interface Signals {
  /** This process's own, to its end. */
  Signals OF_PROCESS =
      new Signals() {
        @Override
        public void handle(String name, Runnable action) {
          ProcessSignal.handle(name, action);
        }

        @Override
        public void leave(int code) {
          Runtime.getRuntime().halt(code);
        }
      };

  /**
   * Runs the action at each signal of this name instead of ending the command.
   *
   * @param name for example INT
   */
  void handle(String name, Runnable action);

  /** Ends the command with this code, whatever it does just now. */
  void leave(int code);
}
