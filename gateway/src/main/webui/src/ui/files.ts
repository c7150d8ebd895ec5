import { html, nothing, type TemplateResult } from 'lit';
import type { AgentDesk } from '../agent/desk.js';
import { MOST_FILE_BYTES } from '../api/client.js';
import type { TreeEntry } from '../api/tree.js';
import { dateTime, size } from './format.js';

const MOST_SHOWN = 500;

/**
 * The newest stored workspace: its files, one by one, and how to get it as a whole.
 *
 * @param seen whether anybody looks: only then its names are read
 */
export function files(desk: AgentDesk, seen: boolean): TemplateResult {
  const { snapshot } = desk;
  if (!snapshot?.artifactId) {
    return html`<div class="empty">
      <p>No files are saved yet.</p>
      <p class="hint">They are saved when the agent hibernates, and now and then while it runs.</p>
    </div>`;
  }
  if (seen) {
    desk.workspace.look(snapshot.artifactId);
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
    <h2>Files</h2>
    ${listing(desk)}
    <h2>Get them all</h2>
    <p class="command"><code>${command}</code>${copyButton(command)}</p>
    <p class="hint">The newest saved state; what changed since then is on the worker.</p>
  `;
}

function listing(desk: AgentDesk): TemplateResult {
  const { entries, problem } = desk.workspace;
  const left = (entries?.length ?? 0) - MOST_SHOWN;
  return html`
    ${problem
      ? html`<p class="problem">
          ${problem} <button class="small" @click=${() => desk.workspace.again()}>Try again</button>
        </p>`
      : nothing}
    ${entries === undefined
      ? html`<p class="hint">${problem ? nothing : 'Reading their names…'}</p>`
      : entries.length === 0
        ? html`<p class="hint">There are none in it.</p>`
        : html`<ul class="files">
            ${entries.slice(0, MOST_SHOWN).map((entry) => line(desk, entry))}
          </ul>`}
    ${left > 0 ? html`<p class="hint">and ${left} more</p>` : nothing}
  `;
}

function line(desk: AgentDesk, entry: TreeEntry): TemplateResult {
  if (entry.kind === 'link') {
    return html`<li><code>${entry.path}</code> <small>a link</small></li>`;
  }
  const { fetching } = desk.workspace;
  return html`<li>
    <code>${entry.path}</code> <small>${size(entry.size)}</small>
    ${entry.size > MOST_FILE_BYTES
      ? html`<small>too large for a browser</small>`
      : html`<button
          class="small"
          aria-label="Download ${entry.path}"
          ?disabled=${fetching !== undefined}
          @click=${() => void download(desk, entry)}
        >${fetching === entry.path ? 'Coming…' : 'Download'}</button>`}
  </li>`;
}

async function download(desk: AgentDesk, entry: TreeEntry): Promise<void> {
  const blob = await desk.workspace.fetch(entry);
  if (!blob) {
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
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
