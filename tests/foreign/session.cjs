// An agent's session through the ws package: runs a command, drops the connection in the middle, comes back with the cursor.
// Prints one JSON object: the output of both connections, how often each frame came, the exit code.
"use strict";
const WebSocket = require("ws");

const rest = process.env.WEFT_REST;
const headers = { Authorization: `Bearer ${process.env.WEFT_TOKEN}`, "Content-Type": "application/json" };

async function post(path, body) {
  const answer = await fetch(rest + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// Takes messages until `enough` says so, then drops the connection.
function listen(url, first, enough) {
  return new Promise((resolve, reject) => {
    const session = new WebSocket(url, "weft.session.v1");
    session.on("open", () => first && session.send(JSON.stringify(first)));
    session.on("error", reject);
    session.on("close", (code) => reject(new Error(`closed with ${code}`)));
    session.on("message", (data, binary) => {
      if (binary || !enough(JSON.parse(data.toString()))) return;
      session.removeAllListeners("close");
      session.terminate();
      resolve();
    });
  });
}

async function main() {
  const spawned = await post("/v1/agents", { spec: { displayName: "node" } });
  const id = spawned.agent.agentId;
  const story = { output: "", repeated: 0, gaps: 0, exitCode: null };
  const cursors = new Set();
  let cursor = "";
  const take = (message) => {
    if (message.cursor) {
      story.repeated += cursors.has(message.cursor) ? 1 : 0;
      cursors.add(message.cursor);
      cursor = message.cursor;
    }
    if (message.type === "gap") story.gaps += 1;
    if (message.type === "output") story.output += message.text;
    if (message.type === "ended") story.exitCode = message.exitCode;
  };
  const line = "for i in $(seq 1 200); do echo line $i; sleep 0.01; done; exit 6";
  await listen(`${spawned.sessionUrl}?ticket=${spawned.ticket.ticket}`, { type: "command", commandId: "lines", line }, (message) => {
    take(message);
    return story.output.includes("line 20\n");
  });
  const { ticket } = await post(`/v1/agents/${id}:ticket`, {});
  await listen(`${spawned.sessionUrl}?ticket=${ticket.ticket}&cursor=${encodeURIComponent(cursor)}`, null, (message) => {
    take(message);
    return story.exitCode !== null;
  });
  await post(`/v1/agents/${id}:terminate`, {});
  console.log(JSON.stringify(story));
}

main().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
