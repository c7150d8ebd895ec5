import { html, nothing, type TemplateResult } from 'lit';
import type { AgentDesk } from '../agent/desk.js';
import { dateTime } from './format.js';

/** The newest stored workspace and how to get it. */
export function files(desk: AgentDesk): TemplateResult {
  const { snapshot } = desk;
  if (!snapshot?.artifactId) {
    return html`<div class="empty">
      <p>No files are saved yet.</p>
      <p class="hint">They are saved when the agent hibernates, and now and then while it runs.</p>
    </div>`;
  }
  const command = `weft artifacts get ${snapshot.artifactId} --unpack ./workspace`;
  return html`
    <dl class="facts">
      <div>
        <dt>Saved</dt>
        <dd>${dateTime(snapshot.takenAt) || '–'}</dd>
      </div>
      <div>
        <dt>Paths</dt>
        <dd>${snapshot.paths ?? 0}</dd>
      </div>
      <div>
        <dt>Artifact</dt>
        <dd><code>${snapshot.artifactId}</code></dd>
      </div>
      ${snapshot.manifestDigest
        ? html`<div>
            <dt>SHA-256 of its manifest</dt>
            <dd><code class="digest">${snapshot.manifestDigest}</code></dd>
          </div>`
        : nothing}
    </dl>
    ${snapshot.incomplete
      ? html`<p class="problem">Not all could be kept: ${snapshot.incomplete.message}</p>`
      : nothing}
    <h2>Get them</h2>
    <p class="command"><code>${command}</code>${copyButton(command)}</p>
    <p class="hint">The newest saved state; what changed since then is on the worker.</p>
  `;
}

function copyButton(text: string): TemplateResult | typeof nothing {
  // Only pages over TLS, and those of this machine, may.
  if (!('clipboard' in navigator)) {
    return nothing;
  }
  return html`<button
    class="small"
    @click=${(event: Event) => {
      const button = event.currentTarget as HTMLButtonElement;
      void navigator.clipboard.writeText(text).then(() => {
        button.textContent = 'Copied';
        window.setTimeout(() => (button.textContent = 'Copy'), 1500);
      });
    }}
  >Copy</button>`;
}
