import type { Command } from './surroundings.js';

const MOST = 32;

/** Commands without a receipt; given again after a cut, which their ids make harmless. */
export class Unconfirmed {
  private readonly commands = new Map<string, Command>();

  get any(): boolean {
    return this.commands.size > 0;
  }

  get all(): Command[] {
    return [...this.commands.values()];
  }

  /** False if too many wait. */
  add(command: Command): boolean {
    if (this.commands.size >= MOST) {
      return false;
    }
    this.commands.set(command.commandId, command);
    return true;
  }

  settle(commandId: string): void {
    this.commands.delete(commandId);
  }
}
