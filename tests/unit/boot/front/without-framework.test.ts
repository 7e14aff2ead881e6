import { createElement, type ReactNode, Suspense, use } from "react";
import { renderToReadableStream } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { withoutFramework } from "#lib/boot/front/without-framework.ts";

const nonce = "WuWq319S6ljzvwg3s8xZOg==";
const script = "/scripts/0123456789ab/signed-out.js";

const FRAMEWORK = `<script src="/_next/static/chunks/a.js" async="" nonce="${nonce}"></script>`;
const PRELOAD = `<link rel="preload" as="script" fetchPriority="low" nonce="${nonce}" href="/_next/a.js"/>`;
const SHEET = `<link rel="stylesheet" href="/_next/a.css" nonce="${nonce}" data-precedence="next"/>`;
const DATA = `<script nonce="${nonce}">self.__next_f.push([1,"<h1>\\u003c/script>"])</script>`;

const documentOf = (body: string, head = "") =>
  `<!DOCTYPE html><html lang="en"><head>${SHEET}${PRELOAD}${FRAMEWORK}${head}</head><body>${body}${DATA}</body></html>`;

const plain = (document: string) => withoutFramework(document, { nonce, script });

describe("a signed-out page", () => {
  test("is sent with one script, which is ours, and nothing of the framework (PERF7)", () => {
    expect(plain(documentOf("<h1>Sign in</h1>"))).toEqual({
      html:
        `<!DOCTYPE html><html lang="en"><head><link rel="stylesheet" href="/_next/a.css" data-precedence="next"/>` +
        `<script type="module" src="${script}"></script></head><body><h1>Sign in</h1></body></html>`,
      styleSources: [],
    });
  });

  test("lets in the style that the server has made by its hash, and none that somebody else has put in (SEC52)", () => {
    const ours = ":root:root{--accent:#1d4ed8}";
    const { html, styleSources } = plain(
      documentOf("<style>body{display:none}</style>", `<style nonce="${nonce}">${ours}</style>`),
    );
    expect(html).toContain(`<style>${ours}</style>`);
    expect(styleSources).toEqual(["'sha256-TAwYjYI6+PlTfDA4PUP1nNKZ0z7iaCqdmVYxg1KPfHw='"]);
  });

  test("keeps what somebody typed as it is, whatever it looks like", () => {
    const typed = '<input value="&lt;script&gt;alert(1)&lt;/script&gt; $RC( id=&quot;S:0&quot;"/>';
    expect(plain(documentOf(typed)).html).toContain(typed);
  });
});

/** What React streams for something, in the frame of Next's document; `whenBegun` is called after the first piece. */
async function rendered(content: ReactNode, whenBegun = () => {}): Promise<string> {
  const pieces: string[] = [];
  const stream = await renderToReadableStream(createElement("main", {}, content), { nonce });
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    pieces.push(piece);
    whenBegun();
  }
  return documentOf(pieces.join(""));
}

const Late = ({ promise }: { promise: Promise<string> }) => createElement("p", {}, use(promise));

describe("is not made of a document", () => {
  test("of which a part comes late, and is put into its place by React's script", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const late = createElement(Suspense, { fallback: "…" }, createElement(Late, { promise }));
    const document = await rendered(late, () => resolve("late"));
    expect(document).toContain('<div hidden id="S:0"><p>late</p></div>');
    expect(() => plain(document)).toThrow("The document has content that comes late.");
  });

  test("of which all is there at once it is made", async () => {
    const document = await rendered(
      createElement(Suspense, { fallback: "…" }, createElement("p", {}, "here")),
    );
    expect(plain(document).html).toContain("<main><p>here</p></main>");
  });

  test("without a script of Next's: its markup has changed, or it is no page of Next's", () => {
    expect(() =>
      plain(`<html><head></head><body>${FRAMEWORK.replace(nonce, "other")}</body></html>`),
    ).toThrow("The document has no script of Next's.");
  });

  test("without a head to put our script into, or with two", () => {
    expect(() => plain(`<html><body>${FRAMEWORK}</body></html>`)).toThrow("no head, or several");
    expect(() => plain(documentOf("</head>"))).toThrow("no head, or several");
  });

  test("that holds an unfinished script", () => {
    expect(() => plain(documentOf("", "<script src='/other.js'>").replace(DATA, ""))).toThrow(
      "a script of somebody else's",
    );
  });

  test("that only a script fills, as Next's page of an error", () => {
    expect(() => plain(documentOf("").replace("<html", '<html id="__next_error__"'))).toThrow("a shell");
  });

  test("that says its nonce anywhere else", () => {
    expect(() => plain(documentOf(`<p>${nonce}</p>`))).toThrow("its nonce somewhere else");
  });
});
