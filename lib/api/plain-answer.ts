/** An answer before anything of the web's own makes one of it: the server in front and the routes send the same. */
export type PlainAnswer = { status: number; headers: Record<string, string>; body: string };

export function responseOf({ status, headers, body }: PlainAnswer): Response {
  return new Response(body === "" ? null : body, { status, headers });
}

export function jsonAnswer(value: unknown): PlainAnswer {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { status: 200, headers, body: JSON.stringify(value) };
}
