import { html, nothing, type TemplateResult } from 'lit';
import type { AgentDesk } from '../agent/desk.js';
import type { Phase, Progress } from '../agent/waking.js';
import { dateTime, duration, shortDuration } from './format.js';

const STEPS: { phase: Phase; label: string }[] = [
  { phase: 'waiting', label: 'Finding a worker' },
  { phase: 'preparing', label: 'Bringing its files there' },
  { phase: 'awake', label: 'Awake' },
];

/** Shown over the terminal while the agent has no living body but is on the way to one. */
export function wakingScreen(desk: AgentDesk): TemplateResult | typeof nothing {
  const { progress } = desk;
  if (!progress) {
    return nothing;
  }
  const at = STEPS.findIndex(({ phase }) => phase === progress.phase);
  return html`
    <div class="overlay">
      <div class="card waking">
        <div class="cup" aria-hidden="true"><i></i><i></i><i></i>☕</div>
        <h2>Waking your agent</h2>
        <ol aria-label="Steps">
          ${STEPS.map(
            ({ label }, index) => html`<li
              data-done=${index < at ? 'yes' : index === at ? 'now' : 'no'}
              aria-current=${index === at ? 'step' : nothing}
            >
              ${label}
            </li>`,
          )}
        </ol>
        <p class="elapsed" role="timer" aria-live="off">
          <span>${duration(progress.elapsedMs)}</span>
          <small>
            ${estimate(progress)}
          </small>
        </p>
        ${progress.phase === 'waiting' && progress.elapsedMs > 20_000
          ? html`<p class="hint">
              No worker has taken it yet: all that fit may be busy. <code>weft why ${desk.status?.bodyTaskId ?? ''}</code>
              tells more.
            </p>`
          : nothing}
      </div>
    </div>
  `;
}

/** What the mesh has measured, else what this browser has seen, else nothing: a guess would be worse. */
function estimate({ usualMs, latestMs, lastMs }: Progress): TemplateResult {
  if (usualMs !== undefined && latestMs !== undefined) {
    return html`usually ${shortDuration(usualMs)}, nine of ten within ${shortDuration(latestMs)}`;
  }
  return lastMs === undefined ? html`&nbsp;` : html`last time ${shortDuration(lastMs)}`;
}

/** Shown over the terminal while the agent sleeps. */
export function sleeping(desk: AgentDesk): TemplateResult | typeof nothing {
  if (!desk.asleep || desk.over || desk.progress) {
    return nothing;
  }
  const since = desk.status?.since ?? desk.agent?.stateSince;
  return html`
    <div class="overlay">
      <div class="card asleep">
        <div class="moon" aria-hidden="true">☾</div>
        <h2>Asleep</h2>
        <p>${since ? html`Since ${dateTime(since)}. ` : nothing}Its files are kept, and no machine runs for it.</p>
        <button class="primary" ?disabled=${desk.busy} @click=${() => desk.wake()}>Wake it</button>
      </div>
    </div>
  `;
}
