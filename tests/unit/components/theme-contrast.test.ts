import { describe, expect, test } from "vitest";
import { contrast } from "#components/layout/contrast.ts";
import { token } from "#tests/unit/components/token.ts";

const grounds = ["surface", "surface-raised", "surface-sunken"];
const texts = ["ink", "ink-muted", "accent-ink", "warm-ink", "danger", "success"];
const pairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ["ink", "accent-soft"],
  ["ink", "warm-soft"],
  ["ink", "danger-soft"],
  ["ink", "success-soft"],
  ["accent-ink", "accent-soft"],
  ["warm-ink", "warm-soft"],
  ["danger", "danger-soft"],
  ["success", "success-soft"],
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
  ["on-warm", "warm"],
  ["on-warm", "warm-strong"],
  ["on-danger", "danger"],
  ["on-danger", "danger-strong"],
  ["surface", "ink"],
] as const;

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each(pairs)("%s can be read on %s", (text, ground) => {
    expect(contrast(token(theme, text), token(theme, ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(grounds)("the edge of a control stands out from %s", (ground) => {
    expect(contrast(token(theme, "line-strong"), token(theme, ground))).toBeGreaterThanOrEqual(3);
  });
});
