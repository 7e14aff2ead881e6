import { createSocket, type Socket } from "node:dgram";
import { isIPv4 } from "node:net";

type Answers = { addresses?: string[]; texts?: string[] };

/** What is known of a name; a list answers its entries in turn, the last one for ever. Unknown names do not exist. */
export type Zone = Record<string, Answers | Answers[]>;

const A = 1;
const TXT = 16;
const AAAA = 28;

/** A name server on loopback, for DNS_SERVERS. It remembers what it was asked. */
export async function aNameServer(zone: Zone) {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    asked.push(`${name} ${type}`);
    const turn = asked.filter((one) => one === `${name} ${type}`).length - 1;
    socket.send(answerTo(query.subarray(0, end), type, entryOf(zone[name], turn)), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => closed(socket),
  };
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.close(() => resolve()));

function entryOf(known: Answers | Answers[] | undefined, turn: number): Answers | undefined {
  return Array.isArray(known) ? known[Math.min(turn, known.length - 1)] : known;
}

function questionOf(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(question: Buffer, type: number, entry: Answers | undefined): Buffer {
  const records = entry ? recordsOf(entry, type) : [];
  const head = Buffer.from(question);
  head.writeUInt16BE(entry ? 0x8580 : 0x8583, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records.map((data) => recordOf(type, data))]);
}

function recordsOf({ addresses = [], texts = [] }: Answers, type: number): Buffer[] {
  if (type === A) return addresses.filter(isIPv4).map((one) => Buffer.from(one.split(".").map(Number)));
  if (type === AAAA) return addresses.filter((one) => !isIPv4(one)).map(bytesOfIPv6);
  if (type === TXT)
    return texts.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]));
  return [];
}

/** The name is the question's; nobody may keep the answer. */
function recordOf(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function bytesOfIPv6(address: string): Buffer {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail ?? "")];
  return Buffer.from(
    all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}
