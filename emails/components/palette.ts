export const palette = {
  page: "#f6f5f2",
  card: "#ffffff",
  well: "#efede8",
  ink: "#1c1d21",
  muted: "#595c65",
  line: "#e0ddd6",
  accent: "#2454c6",
} as const;

export const fonts = {
  text: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  code: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
} as const;

/** The firm's accent with the text that can be read on it; the default one where neither black nor white can. */
export function buttonColours(accent: string | undefined) {
  if (accent && /^#[0-9a-f]{6}$/i.test(accent)) {
    const luminance = relativeLuminance(accent);
    if (1.05 / (luminance + 0.05) >= 4.5) return { background: accent, text: "#ffffff" };
    if ((luminance + 0.05) / 0.05 >= 4.5) return { background: accent, text: "#000000" };
  }
  return { background: palette.accent, text: "#ffffff" };
}

function relativeLuminance(hex: string) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
