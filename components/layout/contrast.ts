/** The contrast ratio of WCAG 2.2 between two #rrggbb colours, 1 to 21. */
export function contrast(one: string, other: string) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** `share` of `into` in `hex`, mixed as the eye sees it. */
export function mix(hex: string, into: string, share: number) {
  const [from, to] = [oklab(hex), oklab(into)];
  return fromOklab(from.map((value, i) => value + ((to[i] ?? 0) - value) * share) as Triple);
}

/** `hex` lightened or darkened by `share` of the way to `end`; it fades to grey only near that end. */
export function shade(hex: string, end: "#000000" | "#ffffff", share: number) {
  if (share === 0) return hex.toLowerCase();
  const [lightness, a, b] = oklab(hex);
  const colour = 1 - share ** 3;
  return fromOklab([lightness + ((end === "#ffffff" ? 1 : 0) - lightness) * share, a * colour, b * colour]);
}

type Triple = [number, number, number];

function luminance(hex: string) {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(hex: string) {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

/** @see https://bottosson.github.io/posts/oklab/ */
function oklab(hex: string): Triple {
  const [red, green, blue] = linear(hex);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function fromOklab([lightness, a, b]: Triple) {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  return `#${channels.map(hexChannel).join("")}`;
}

function hexChannel(value: number) {
  const clamped = Math.min(1, Math.max(0, value));
  const encoded = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, "0");
}
