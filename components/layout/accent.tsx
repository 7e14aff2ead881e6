import { contrast, mix, shade } from "#components/layout/contrast.ts";

/** A firm's accent as the pages use it: what fills a button, what stands on it, what is written in it, what tints a row. */
type AccentShades = {
  accent: string;
  accentStrong: string;
  onAccent: string;
  accentInk: string;
  accentSoft: string;
};

/** Puts the firm's accent over the default one of globals.css. An accent that is not #rrggbb is left out. */
export function AccentStyle({ nonce, accent }: { nonce?: string; accent?: string | null }) {
  if (!accent || !isHexColour(accent)) return null;
  const light = declarations(accentShades(accent, "light"));
  const dark = declarations(accentShades(accent, "dark"));
  return (
    // Doubled, :root wins over globals.css wherever the browser meets it. Browsers hide the nonce of an element
    // that they have accepted, so React would see a difference.
    <style nonce={nonce} suppressHydrationWarning>
      {`:root:root{${light}}
@media (prefers-color-scheme:dark){:root:root:not([data-theme="light"]){${dark}}}
:root:root[data-theme="dark"]{${dark}}`}
    </style>
  );
}

export function isHexColour(text: string) {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** The grounds of globals.css on which the accent is written. */
const grounds = {
  light: { raised: "#ffffff", all: ["#ffffff", "#f6f5f2", "#efede8"], away: "#000000" },
  dark: { raised: "#1b1c20", all: ["#1b1c20", "#131417", "#222429"], away: "#ffffff" },
} as const;

const enough = 4.5;
const onLight = "#ffffff";
const onDark = "#101114";

/** The firm's colour where it can be read, else the nearest shade of it that can. */
export function accentShades(hex: string, theme: "light" | "dark"): AccentShades {
  const { raised, all, away } = grounds[theme];
  const accentSoft = mix(raised, hex, 0.12);
  const readable = (ink: string) => [...all, accentSoft].every((ground) => contrast(ink, ground) >= enough);
  const accentInk = nearest(hex, away, readable);

  // A dark accent would sink into a dark page, so there the fill is the shade that can be read on it.
  const wished = theme === "dark" ? accentInk : hex;
  const accent = nearest(wished, "#000000", (fill) => best(fill) >= enough);
  const onAccent = contrast(onLight, accent) >= enough ? onLight : onDark;
  const accentStrong = shade(accent, onAccent === onLight ? "#000000" : "#ffffff", 0.14);
  return { accent, accentStrong, onAccent, accentInk, accentSoft };
}

function best(fill: string) {
  return Math.max(contrast(onLight, fill), contrast(onDark, fill));
}

function nearest(hex: string, end: "#000000" | "#ffffff", passes: (colour: string) => boolean) {
  for (let step = 0; step < 100; step++) {
    const colour = shade(hex, end, step / 100);
    if (passes(colour)) return colour;
  }
  return end;
}

function declarations(shades: AccentShades) {
  return [
    `--accent:${shades.accent}`,
    `--accent-strong:${shades.accentStrong}`,
    `--on-accent:${shades.onAccent}`,
    `--accent-ink:${shades.accentInk}`,
    `--accent-soft:${shades.accentSoft}`,
  ].join(";");
}
