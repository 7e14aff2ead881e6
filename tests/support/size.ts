import { appendFileSync } from "node:fs";

/** Only `npm run prove` sets it: the file that takes the figures of full-size proofs. */
const figuresFile = process.env.PORTAL_PROOF_FIGURES;

/** How many: `npm test` runs the short form of a proof, `npm run prove` the full one (DEC23). */
export function proofSize(short: number, full: number): number {
  return figuresFile === undefined ? short : full;
}

/** A figure for the table at the end of `npm run prove`. The short form is no proof, and has none. */
export function reportFigure(id: string, what: string, figure: number | string): void {
  if (figuresFile !== undefined) appendFileSync(figuresFile, `${JSON.stringify({ id, what, figure })}\n`);
}
