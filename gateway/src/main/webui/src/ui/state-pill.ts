import { html, type TemplateResult } from 'lit';
import type { AgentState } from '../protocol/frames.js';

const WORDS: Record<AgentState, string> = {
  PENDING: 'Waiting for a worker',
  PROVISIONING: 'Getting ready',
  RUNNING: 'Awake',
  HIBERNATING: 'Going to sleep',
  HIBERNATED: 'Asleep',
  WAKING: 'Waking',
  TERMINATED: 'Ended',
  FAILED: 'Failed',
};

export function stateWords(state: AgentState): string {
  return WORDS[state] ?? state;
}

/** A state as a word with a dot; never by its colour alone. */
export function statePill(state: AgentState): TemplateResult {
  return html`<span class="pill" data-state=${state} title=${state}><i aria-hidden="true"></i>${stateWords(state)}</span>`;
}
