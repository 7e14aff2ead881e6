import type { Figure } from "./measure.ts";

const number = (value: number, digits: number) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** As many digits as mean something. */
const digitsOf = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

export const plain = (value: number): string => number(value, digitsOf(value));

/** Median, lowest and highest. */
export const spread = ({ median, lowest, highest }: Figure): string =>
  `${plain(median)} (${plain(lowest)} - ${plain(highest)})`;

export const milliseconds = ({ median }: Figure): string => number(median, median >= 10 ? 1 : 3);
