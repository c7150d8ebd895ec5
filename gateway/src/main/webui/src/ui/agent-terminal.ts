import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import { html, type TemplateResult } from 'lit';
import type { AgentDesk, Screen } from '../agent/desk.js';
import { isReport } from '../agent/terminal-input.js';
import { PageElement } from './element.js';

const LIGHT: ITheme = {
  background: '#fffdf9',
  foreground: '#24292f',
  cursor: '#0f766e',
  cursorAccent: '#fffdf9',
  selectionBackground: '#99d5cc',
  black: '#24292f',
  red: '#b42318',
  green: '#1a7f37',
  yellow: '#8a5a00',
  blue: '#0b5fc4',
  magenta: '#8a3ffc',
  cyan: '#0f766e',
  white: '#57606a',
  brightBlack: '#57606a',
  brightRed: '#c4320a',
  brightGreen: '#116329',
  brightYellow: '#7a4d00',
  brightBlue: '#0550ae',
  brightMagenta: '#6f2dbd',
  brightCyan: '#0b5d57',
  brightWhite: '#24292f',
};

const DARK: ITheme = {
  background: '#101416',
  foreground: '#dfe4e2',
  cursor: '#5eead4',
  cursorAccent: '#101416',
  selectionBackground: '#2b4f4b',
  black: '#1d2326',
  red: '#ff8a80',
  green: '#7ee2a8',
  yellow: '#f2cc60',
  blue: '#82b4ff',
  magenta: '#d2a8ff',
  cyan: '#5eead4',
  white: '#c9d1d0',
  brightBlack: '#8b9694',
  brightRed: '#ffa69e',
  brightGreen: '#9ff0c0',
  brightYellow: '#ffdf8a',
  brightBlue: '#a5caff',
  brightMagenta: '#e2c5ff',
  brightCyan: '#99f6e4',
  brightWhite: '#ffffff',
};

const MODEST = 13;
/** Quiet for so long after a connection began, it is held to tell what happens now. */
const REPLAY_MS = 400;
/** What may wait to be drawn; a page has no other way to hold a sender back. */
const MOST_PENDING = 8 * 1024 * 1024;

/** The agent's terminal. */
class AgentTerminal extends PageElement implements Screen {
  static override properties = { desk: { attribute: false } };

  declare desk: AgentDesk;

  private terminal: Terminal | undefined;
  private readonly fit = new FitAddon();
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private observer: ResizeObserver | undefined;
  private quietFrom = Number.POSITIVE_INFINITY;
  private wasOpen = false;
  private pending = 0;
  private dropped = false;

  protected override render(): TemplateResult {
    return html`
      <div class="screen" role="region" aria-label="Terminal" aria-describedby="terminal-keys"></div>
      <p class="keys" id="terminal-keys"><kbd>Shift</kbd> <kbd>F6</kbd> leaves the terminal</p>
    `;
  }

  protected override firstUpdated(): void {
    const screen = this.querySelector<HTMLElement>('.screen');
    if (!screen) {
      return;
    }
    const terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontFamily: 'ui-monospace, SFMono-Regular, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
      fontSize: MODEST,
      lineHeight: 1.2,
      scrollback: 5000,
      minimumContrastRatio: 4.5,
      theme: this.dark.matches ? DARK : LIGHT,
    });
    terminal.loadAddon(this.fit);
    terminal.open(screen);
    terminal.attachCustomKeyEventHandler((event) => this.key(event));
    terminal.onData((data) => this.typed(data));
    terminal.onBinary((data) => this.desk.type(Uint8Array.from(data, (one) => one.charCodeAt(0) & 0xff)));
    terminal.onResize(({ cols, rows }) => this.desk.resize(cols, rows));
    this.terminal = terminal;
    this.dark.addEventListener('change', this.recolour);
    this.observer = new ResizeObserver(() => this.measure());
    this.observer.observe(screen);
    this.measure();
    this.desk.resize(terminal.cols, terminal.rows);
    this.desk.show(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.dark.removeEventListener('change', this.recolour);
    this.terminal?.dispose();
  }

  /** Told whenever the page knows something new. */
  follow(open: boolean): void {
    if (open && !this.wasOpen) {
      this.quietFrom = performance.now() + REPLAY_MS;
    }
    this.wasOpen = open;
  }

  takeFocus(): void {
    this.terminal?.focus();
  }

  write(bytes: Uint8Array): void {
    if (this.pending + bytes.length > MOST_PENDING) {
      this.dropped = true;
      return;
    }
    const replayed = performance.now() < this.quietFrom;
    const prolong = (): void => {
      if (replayed) {
        this.quietFrom = performance.now() + REPLAY_MS;
      }
    };
    prolong();
    this.pending += bytes.length;
    this.terminal?.write(bytes, () => {
      prolong();
      this.pending -= bytes.length;
      if (this.dropped && this.pending === 0) {
        this.dropped = false;
        this.mark('Some output was left out, because this page could not keep up.');
      }
    });
  }

  mark(text: string): void {
    // Out of the second screen, modes back: whoever set them may not be there any more. 1049 would move the cursor too.
    this.terminal?.write(`\x1b[?1047l\x1b[!p\x1b[0m\r\n\x1b[3;36m── ${text}\x1b[0m\r\n`);
  }

  private typed(data: string): void {
    if (isReport(data) && performance.now() < this.quietFrom) {
      return;
    }
    this.desk.type(new TextEncoder().encode(data));
  }

  private key(event: KeyboardEvent): boolean {
    if (event.key === 'F6' && event.shiftKey) {
      if (event.type === 'keydown') {
        event.preventDefault();
        this.dispatchEvent(new CustomEvent('leave-terminal', { bubbles: true }));
      }
      return false;
    }
    return true;
  }

  private measure(): void {
    const screen = this.querySelector<HTMLElement>('.screen');
    if (screen && screen.clientWidth > 0 && screen.clientHeight > 0) {
      this.fit.fit();
    }
  }

  private readonly recolour = (): void => {
    if (this.terminal) {
      this.terminal.options.theme = this.dark.matches ? DARK : LIGHT;
    }
  };
}

export type { AgentTerminal };

customElements.define('agent-terminal', AgentTerminal);
