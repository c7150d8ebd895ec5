import { html, type TemplateResult } from 'lit';
import { AgentDesk } from '../agent/desk.js';
import type { Api } from '../api/client.js';
import type { AgentTerminal } from './agent-terminal.js';
import { banner } from './banner.js';
import { facts } from './facts.js';
import { files } from './files.js';
import { PageElement } from './element.js';
import { sleeping, wakingScreen } from './stage.js';
import { statePill, stateWords } from './state-pill.js';
import './agent-terminal.js';
import './command-log.js';
import './end-dialog.js';
import type { EndDialog } from './end-dialog.js';

type Tab = 'terminal' | 'commands' | 'files' | 'facts';

const TABS: { tab: Tab; label: string }[] = [
  { tab: 'terminal', label: 'Terminal' },
  { tab: 'commands', label: 'Commands' },
  { tab: 'files', label: 'Files' },
  { tab: 'facts', label: 'About' },
];
/** As in the stylesheet: so wide that the terminal stands beside the others. */
const WIDE = '(min-width: 62rem)';

/** One agent: the way to its body, its terminal, what it ran, its files and its cost. */
class AgentPage extends PageElement {
  static override properties = {
    api: { attribute: false },
    agentId: { attribute: false },
    tab: { state: true },
    version: { state: true },
  };

  declare api: Api;
  declare agentId: string;
  declare tab: Tab;
  declare version: number;

  private desk!: AgentDesk;
  private wasCovered = false;
  private ticking: number | undefined;
  private readonly wide = matchMedia(WIDE);

  constructor() {
    super();
    this.tab = 'terminal';
    this.version = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk = new AgentDesk(
      this.agentId,
      this.api,
      () => this.version++,
      () => this.dispatchEvent(new CustomEvent('signed-out')),
    );
    this.desk.open(isVisit());
    this.ticking = window.setInterval(() => this.tick(), 250);
    this.wide.addEventListener('change', this.redraw);
    window.addEventListener('online', this.hurry);
    document.addEventListener('visibilitychange', this.hurry);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.ticking);
    this.wide.removeEventListener('change', this.redraw);
    window.removeEventListener('online', this.hurry);
    document.removeEventListener('visibilitychange', this.hurry);
    this.desk.close();
  }

  protected override updated(): void {
    const { agent, state } = this.desk;
    const name = agent?.spec?.displayName || this.agentId;
    document.title = state ? `${stateWords(state)} · ${name}` : name;
    // Who waits for the agent wants to type to it; who is busy elsewhere on the page is left there.
    if (this.wasCovered && !this.covered && document.activeElement === document.body) {
      this.terminal?.takeFocus();
    }
    this.wasCovered = this.covered;
    this.terminal?.follow(this.desk.connection.kind === 'open');
  }

  protected override render(): TemplateResult {
    const { desk } = this;
    const shown = this.wide.matches && this.tab === 'terminal' ? 'commands' : this.tab;
    return html`
      <section
        class="agent"
        data-tab=${shown}
        data-connection=${desk.connection.kind}
        @leave-terminal=${this.leave}
      >
        ${this.head()} ${banner(desk)}
        <div class="tabs" role="tablist" aria-label="Parts of the agent" @keydown=${this.arrows}>
          ${TABS.map(({ tab, label }) => this.tabButton(tab, label, tab === shown))}
        </div>
        <div class="panel stage" id="panel-terminal" role="tabpanel" aria-labelledby="tab-terminal">
          <agent-terminal .desk=${desk} ?inert=${this.covered}></agent-terminal>
          ${wakingScreen(desk)} ${sleeping(desk)}
        </div>
        <command-log
          class="panel"
          id="panel-commands"
          role="tabpanel"
          aria-labelledby="tab-commands"
          ?hidden=${shown !== 'commands'}
          .desk=${desk}
          .version=${this.version}
        ></command-log>
        <div class="panel" id="panel-files" role="tabpanel" aria-labelledby="tab-files" ?hidden=${shown !== 'files'}>
          ${files(desk, shown === 'files')}
        </div>
        <div class="panel" id="panel-facts" role="tabpanel" aria-labelledby="tab-facts" ?hidden=${shown !== 'facts'}>
          ${facts(desk)}
        </div>
      </section>
      <end-dialog @confirmed=${() => void desk.terminate()}></end-dialog>
    `;
  }

  private head(): TemplateResult {
    const { desk } = this;
    const state = desk.state;
    const asleep = desk.asleep || state === 'HIBERNATING';
    return html`
      <div class="head">
        <div class="who">
          <h1 title=${this.agentId}>${desk.agent?.spec?.displayName || this.agentId}</h1>
          <p class="line" aria-live="polite">${state ? statePill(state) : html`<span class="pill">…</span>`}</p>
        </div>
        <div class="actions" role="group" aria-label="Actions">
          ${asleep
            ? html`<button ?disabled=${desk.busy || desk.over} @click=${() => desk.wake()}>Wake</button>`
            : html`<button
                ?disabled=${desk.busy || desk.over || state !== 'RUNNING'}
                title="Saves the files and lets the machine go"
                @click=${() => void desk.hibernate()}
              >
                Hibernate
              </button>`}
          <button class="danger" ?disabled=${desk.busy || desk.over || !state} @click=${this.askToEnd}>Terminate…</button>
        </div>
      </div>
    `;
  }

  private tabButton(tab: Tab, label: string, selected: boolean): TemplateResult {
    return html`<button
      role="tab"
      id="tab-${tab}"
      aria-controls="panel-${tab}"
      aria-selected=${selected}
      tabindex=${selected ? 0 : -1}
      @click=${() => this.choose(tab)}
    >
      ${label}
    </button>`;
  }

  /** Whether something stands over the terminal. */
  private get covered(): boolean {
    const { desk } = this;
    return desk.progress !== undefined || (desk.asleep && !desk.over);
  }

  private get terminal(): AgentTerminal | null {
    return this.querySelector<AgentTerminal>('agent-terminal');
  }

  private choose(tab: Tab): void {
    this.tab = tab;
    if (tab === 'terminal') {
      void this.updateComplete.then(() => this.terminal?.takeFocus());
    }
  }

  private readonly arrows = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) {
      return;
    }
    const tabs = [...this.querySelectorAll<HTMLElement>('[role=tab]')].filter((one) => one.offsetParent !== null);
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next?.focus();
    if (next) {
      this.tab = next.id.slice('tab-'.length) as Tab;
    }
    event.preventDefault();
  };

  private readonly leave = (): void => {
    this.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  };

  private readonly askToEnd = (): void => {
    this.querySelector<EndDialog>('end-dialog')?.ask(this.desk.agent?.spec?.displayName || this.agentId);
  };

  private readonly redraw = (): void => {
    this.version++;
  };

  private readonly hurry = (): void => {
    if (!document.hidden) {
      this.desk.hurry();
    }
  };

  /** Times on the page go on only where some are shown. */
  private tick(): void {
    if (!document.hidden && (this.desk.progress || this.desk.connection.kind === 'waiting')) {
      this.version++;
    }
  }
}

/** Going to the page is asking for the agent; loading it again or finding it in an old tab is not. */
function isVisit(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'navigate';
}

customElements.define('agent-page', AgentPage);
