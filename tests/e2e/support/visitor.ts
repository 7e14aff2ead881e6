import { type Answer, location, type Sent, send, setCookies } from "./http.ts";
import { fieldsOf, formIn } from "./markup.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

type Filled = {
  /** The form's accessible name. */
  form: string;
  fill?: Record<string, string>;
  /** The text of the button to press, where it says something of its own. */
  press?: string;
  headers?: Sent["headers"];
  port?: number;
};

export type Place = {
  port: number;
  host: string;
  /** Where the visitor says to come from, as a proxy would say it. */
  source: string;
  /** Which of this machine's own addresses the visitor really comes from. */
  from?: string;
};

/**
 * A browser without scripts, reduced to what matters on the wire: a cookie jar, redirects, forms. Node does not resolve
 * `*.localhost`, so it connects to the port and names the host.
 */
export function aVisitor({ port, host, source, from }: Place) {
  const cookies = new Map<string, string>();

  async function ask(path: string, { headers, ...rest }: Sent = {}, toPort = port): Promise<Answer> {
    const own = { host, "x-forwarded-for": source, ...(cookies.size > 0 && { cookie: cookieHeader() }) };
    const answer = await send(toPort, path, {
      ...(from && { from }),
      ...rest,
      headers: { ...own, ...headers },
    });
    for (const line of setCookies(answer)) keep(line);
    return answer;
  }

  function keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*max-age=0|;\s*expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }

  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

  /** A GET that goes on where it is sent to. */
  async function open(path: string): Promise<Answer & { path: string }> {
    let at = path;
    for (let hops = 0; hops < 10; hops += 1) {
      const answer = await ask(at);
      const next = location(answer);
      if (!REDIRECTS.has(answer.status) || next === undefined) return { ...answer, path: at };
      at = new URL(next, `http://${host}${at}`).href.replace(`http://${host}`, "");
      if (!at.startsWith("/")) return { ...answer, path: at };
    }
    throw new Error(`${path} redirects without end.`);
  }

  /** What a browser posts when somebody fills in a form of this page and presses its button. */
  async function prepareForm(page: string, { form, fill = {}, press }: Filled) {
    const fields = fieldsOf(formIn(page, form), press);
    for (const [name, value] of Object.entries(fill)) fields.set(name, value);
    const posted = new Response(fields);
    return {
      body: Buffer.from(await posted.arrayBuffer()),
      headers: { "content-type": posted.headers.get("content-type") ?? "", origin: `http://${host}` },
    };
  }

  async function submit(path: string, filled: Filled): Promise<Answer> {
    const page = await ask(path);
    return post(path, page.body, filled);
  }

  async function post(path: string, page: string, filled: Filled): Promise<Answer> {
    const { body, headers } = await prepareForm(page, filled);
    return ask(path, { method: "POST", body, headers: { ...headers, ...filled.headers } }, filled.port);
  }

  return { host, cookies, ask, open, prepareForm, submit, post };
}

export type Visitor = ReturnType<typeof aVisitor>;
