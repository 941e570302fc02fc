// @ts-check
// Server-sent events, read by hand: an EventSource sends no header, and the idle lock needs one.

/** @typedef {{name: string, data: string}} StreamEvent  name "": it has none */

/**
 * The events that are whole, and the beginning of the one that is not yet.
 * @param {string} text
 * @returns {{events: StreamEvent[], rest: string}}
 */
export function split(text) {
  const parts = text.split("\n\n");
  const rest = parts.pop() ?? "";
  return { events: parts.map(parse), rest };
}

/**
 * @param {string} text
 * @returns {StreamEvent}
 */
function parse(text) {
  const lines = text.split("\n");
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.replace(/^data: ?/, ""));
  const name = lines.find((line) => line.startsWith("event:")) ?? "";
  return { name: name.replace(/^event: ?/, ""), data: data.join("\n") };
}

/**
 * Each event of an answer as it comes. A comment that only says "I am here" comes as one without name and data.
 * @param {Response} answer
 * @returns {AsyncGenerator<StreamEvent, void>}
 */
export async function* eventsOf(answer) {
  if (!answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const { events, rest } = split(unread + value);
    unread = rest;
    yield* events;
  }
}
