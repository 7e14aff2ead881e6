import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { AccentStyle, accentShades } from "#components/layout/accent.tsx";
import { contrast } from "#components/layout/contrast.ts";
import { token } from "#tests/unit/components/token.ts";

const colours = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe.each(["light", "dark"] as const)("any accent a firm may choose, in the %s theme,", (theme) => {
  const grounds = ["surface", "surface-raised", "surface-sunken"].map((name) => token(theme, name));

  test("can be read as text and carries readable text", () => {
    fc.assert(
      fc.property(colours, (hex) => {
        const { accent, accentStrong, onAccent, accentInk, accentSoft } = accentShades(hex, theme);
        for (const ground of [...grounds, accentSoft]) {
          expect(contrast(accentInk, ground)).toBeGreaterThanOrEqual(4.5);
        }
        expect(contrast(onAccent, accent)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(onAccent, accentStrong)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(token(theme, "ink"), accentSoft)).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 200 },
    );
  });
});

test("an accent that can be read stays as the firm chose it", () => {
  expect(accentShades("#0f5c4a", "light")).toMatchObject({ accent: "#0f5c4a", accentInk: "#0f5c4a" });
});

test("what is not #rrggbb never reaches the style sheet", () => {
  for (const accent of ["red", "#fff", "#12345g", "#123456;}", "#123456\n", "</style><script>", ""]) {
    expect(renderToStaticMarkup(createElement(AccentStyle, { nonce: "n", accent }))).toBe("");
  }
});

test("the style element carries the nonce of the page", () => {
  const html = renderToStaticMarkup(createElement(AccentStyle, { nonce: "abc", accent: "#0F5C4A" }));
  expect(html).toMatch(/^<style nonce="abc">:root:root\{--accent:#0f5c4a;/);
});
