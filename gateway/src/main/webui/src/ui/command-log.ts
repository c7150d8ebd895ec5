import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AgentDesk } from '../agent/desk.js';
import type { CommandEntry, CommandState, Entry, NoteEntry } from '../agent/log.js';
import { PageElement } from './element.js';
import { clock, shortDuration, shortId } from './format.js';

const WORDS: Record<CommandState, string> = {
  SENT: 'sent',
  QUEUED: 'waits',
  RUNNING: 'runs',
  ENDED: 'ended',
  INTERRUPTED: 'cut off',
  REFUSED: 'refused',
};

/** So near to its end, the log follows what comes. */
const NEAR_PX = 48;

/** Commands with their output, and a line to give one. */
class CommandLog extends PageElement {
  static override properties = { desk: { attribute: false }, version: { attribute: false } };

  declare desk: AgentDesk;
  declare version: number;

  private following = true;

  protected override render(): TemplateResult {
    const { desk } = this;
    return html`
      <div class="entries" tabindex="0" role="log" aria-label="Commands" @scroll=${this.scrolled}>
        ${desk.log.entries.length === 0
          ? html`<div class="empty">
              <p>Nothing has been run here yet.</p>
              <p class="hint">A command given below is stored first: it runs also if this page goes away, and wakes the agent.</p>
            </div>`
          : repeat(
              desk.log.entries,
              (entry) => entry.key,
              (entry) => this.entry(entry),
            )}
      </div>
      <form class="give" @submit=${this.submit}>
        <label for="line" class="unseen">Command</label>
        <span aria-hidden="true">$</span>
        <input
          id="line"
          name="line"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder="Run a command"
          ?disabled=${desk.over || desk.watching}
        />
        <button class="small" ?disabled=${desk.over || desk.watching}>Run</button>
      </form>
    `;
  }

  protected override updated(): void {
    if (this.following) {
      const entries = this.querySelector('.entries');
      if (entries) {
        entries.scrollTop = entries.scrollHeight;
      }
    }
  }

  private entry(entry: Entry): TemplateResult {
    return entry.kind === 'note' ? note(entry) : this.command(entry);
  }

  private command(entry: CommandEntry): TemplateResult {
    const failed = entry.state === 'ENDED' && entry.exitCode !== 0;
    return html`<article data-state=${entry.state} data-failed=${failed}>
      <header>
        <code class="line">${entry.line ?? html`<i>command ${shortId(entry.commandId)}</i>`}</code>
        <span class="outcome">${this.outcome(entry)}</span>
      </header>
      ${entry.dropped > 0 ? html`<p class="hint">Its first ${entry.dropped} characters are not shown.</p>` : nothing}
      ${entry.output ? html`<pre>${entry.output}</pre>` : nothing}
      ${entry.problem ? html`<p class="problem">${entry.problem.message}</p>` : nothing}
    </article>`;
  }

  private outcome(entry: CommandEntry): TemplateResult {
    if (entry.state === 'ENDED') {
      return html`exit ${entry.exitCode ?? '?'} <small>${took(entry)}</small>`;
    }
    const stop =
      entry.state === 'RUNNING' && !this.desk.watching
        ? html` <button class="small" @click=${() => this.desk.interrupt(entry.commandId)}>Interrupt</button>`
        : nothing;
    return html`${WORDS[entry.state]} <small>${clock(entry.startedAt)}</small>${stop}`;
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = this.querySelector('input');
    const line = input?.value.trim() ?? '';
    if (input && line && this.desk.run(line)) {
      input.value = '';
      this.following = true;
    }
  };

  private readonly scrolled = (event: Event): void => {
    const entries = event.currentTarget as HTMLElement;
    this.following = entries.scrollHeight - entries.scrollTop - entries.clientHeight < NEAR_PX;
  };
}

function note(entry: NoteEntry): TemplateResult {
  return html`<p class="note" data-tone=${entry.tone}>
    <small>${clock(entry.at)}</small> ${entry.text} ${entry.detail ? html`<small>${entry.detail}</small>` : nothing}
  </p>`;
}

function took(entry: CommandEntry): string {
  const ms = entry.startedAt && entry.endedAt ? Date.parse(entry.endedAt) - Date.parse(entry.startedAt) : Number.NaN;
  return Number.isFinite(ms) && ms >= 0 ? shortDuration(ms) : '';
}

customElements.define('command-log', CommandLog);
