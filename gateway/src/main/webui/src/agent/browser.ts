import type { Cursor } from '../protocol/cursor.js';
import type { Socket, Surroundings } from '../protocol/surroundings.js';

/** A browser's WebSocket, clock and chance. */
export function browserSurroundings(agentId: string): Omit<Surroundings, 'state' | 'ticket'> {
  return {
    connect: (ticket, cursor) => connect(agentId, ticket, cursor),
    now: () => performance.now(),
    later: (ms, work) => {
      const timer = window.setTimeout(work, ms);
      return () => window.clearTimeout(timer);
    },
    random: () => Math.random(),
  };
}

function connect(agentId: string, ticket: string, cursor: Cursor | undefined): Socket {
  const url = new URL(`/v1/agents/${encodeURIComponent(agentId)}/session`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('ticket', ticket);
  if (cursor !== undefined) {
    url.searchParams.set('cursor', cursor);
  }
  const socket = new WebSocket(url, 'weft.session.v1');
  socket.binaryType = 'arraybuffer';
  return socket as Socket;
}
