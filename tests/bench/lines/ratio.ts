const PARTS = 10;

/** Medians in milliseconds, and the ratio of the two: of all samples, and the extremes of ten parts in order of time. */
export type Ratio = { median: number; baseline: number; ratio: number; lowest: number; highest: number };

/** How long something took, compared with something else that was measured in turns with it. */
export function ratioOf(samples: number[], baseline: number[]): Ratio {
  const parts = Array.from({ length: PARTS }, (_, part) => {
    return median(partOf(samples, part)) / median(partOf(baseline, part));
  });
  const whole = { median: median(samples), baseline: median(baseline) };
  return {
    ...whole,
    ratio: whole.median / whole.baseline,
    lowest: Math.min(...parts),
    highest: Math.max(...parts),
  };
}

function partOf(samples: number[], part: number): number[] {
  const size = samples.length / PARTS;
  return samples.slice(Math.round(part * size), Math.round((part + 1) * size));
}

function median(samples: number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
