// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { eventsOf, split } from "../../crsmonitor/static/alerting/event_stream.js";

/** @param {...string} chunks  as they come over the network */
async function received(...chunks) {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events = [];
  for await (const event of eventsOf(new Response(body))) events.push(event);
  return events;
}

describe("the stream of the alert list", () => {
  test("gives a list of several lines as it was", async () => {
    const events = await received("event: list\ndata: <p>\ndata:   one\ndata: </p>\n\n");

    assert.deepEqual(events, [{ name: "list", data: "<p>\n  one\n</p>" }]);
  });

  test("gives a sign of life as an event without a name", async () => {
    assert.deepEqual(await received(": alive\n\n"), [{ name: "", data: "" }]);
  });

  test("gives two that came together, in their order", async () => {
    const events = await received("event: list\ndata: a\n\nevent: crowded\ndata:\n\n");

    assert.deepEqual(
      events.map(({ name }) => name),
      ["list", "crowded"],
    );
  });

  test("waits for the rest of one that came in pieces", async () => {
    const events = await received("event: li", "st\ndata: a", "\n", "\ndata: b\n\n");

    assert.deepEqual(events, [
      { name: "list", data: "a" },
      { name: "", data: "b" },
    ]);
  });

  test("gives nothing of one that was cut off: half a list must not be shown", async () => {
    assert.deepEqual(await received("event: list\ndata: <p>half"), []);
  });

  test("keeps what is not whole for the next time", () => {
    assert.deepEqual(split("data: a\n\ndata: b"), { events: [{ name: "", data: "a" }], rest: "data: b" });
  });
});
