import { aVisitor } from "#tests/e2e/support/visitor.ts";
import { all, besidePeer, bound, pace, reportOf, timesPeer } from "../finding.ts";
import { floor } from "../floors.ts";
import { requestText } from "../load/load.ts";
import { inTurns, type Measured, ratioOf, type Work } from "../measure.ts";
import { populationOf } from "../population.ts";
import type { Report } from "../report.ts";
import { portOf, type Stage } from "../stage.ts";
import { spread } from "../words.ts";
import { firstOf, ourWork } from "../works.ts";

const CONNECTIONS = 16;
const PATH = "/forgot-password?again=";
const MOST_DIFFERENCE = 0.05;

/** A whole request for a reset mail, by the page's form, for names that are known and names that are not (PERF5). */
export async function reset(stage: Stage): Promise<Report> {
  const wish = { connections: CONNECTIONS, postgres: stage.postgres };
  const known = await resets(stage, "reset request, known name", (name) => name);
  const others = [await resetFloor(stage), ...(stage.peer ? [await stage.peer.resetRequest()] : [])];
  const [own, raw, peer] = await inTurns([known, ...others], wish);
  const unknown = await resets(stage, "the same, unknown name", (name) => name.replace("contact", "nobody."));
  const alone = await inTurns([known, unknown], { ...wish, connections: 1, rounds: 5 });
  return reportOn(firstOf([own], "The reset request"), [raw, peer], alone);
}

function reportOn(own: Measured, [raw, peer]: (Measured | undefined)[], alone: Measured[]): Report {
  const [known, unknown] = alone;
  const difference = ratioOf(firstOf([unknown], "Unknown names"), firstOf([known], "Known names"), "p50");
  const within = Math.abs(difference.median - 1) < MOST_DIFFERENCE;
  const share = raw ? `; ${spread(ratioOf(raw, own))} of the floor by CPU` : "";
  const finding = {
    work: own.name,
    measured: `${pace(own)}${share}${besidePeer(peer, own)}; unknown takes ${spread(difference)} of known`,
    cpu: own,
    gate: timesPeer(4, peer, own),
    target: all(timesPeer(15, peer, own), bound("time differs by < 5 %", within)),
  };
  const others = [raw, peer, ...alone.map((one) => ({ ...one, name: `${one.name}, one at a time` }))];
  return reportOf(
    "Reset request",
    { ours: [own], others: others.filter((one) => one !== undefined) },
    {
      findings: [finding],
      notes: ["The worker rests meanwhile: sending the mail has a line of its own (PERF15)."],
    },
  );
}

/** What a browser posts when a name is typed into the page; names are equally long. */
export async function resets(stage: Stage, name: string, typed: (username: string) => string): Promise<Work> {
  const { contacts } = await populationOf(stage);
  const [first] = contacts;
  if (!first) throw new Error("There is nobody.");
  const visitor = aVisitor({ port: portOf(stage), host: first.host, source: "10.255.0.1" });
  const page = await visitor.ask(PATH);
  const form = { form: "Reset your password", press: "Send Password Reset" };
  const { body, headers } = await visitor.prepareForm(page.body, {
    ...form,
    fill: { identifier: first.username },
  });
  const requests = contacts.map(({ host, username }) =>
    requestText({
      ...{ host, method: "POST", path: PATH },
      headers: { ...headers, accept: "text/html", origin: `http://${host}` },
      body: body.toString("latin1").replace(first.username, typed(username)),
    }),
  );
  return ourWork(stage, name, requests, 303);
}

async function resetFloor(stage: Stage): Promise<Work> {
  const { contacts } = await populationOf(stage);
  const requests = contacts.map(({ host, username }) =>
    requestText({ host, method: "POST", path: "/", body: JSON.stringify({ identifier: username }) }),
  );
  return {
    name: "floor: a token and a mail in one statement",
    ...(await floor(stage, "reset")),
    requests,
    expect: 202,
  };
}
