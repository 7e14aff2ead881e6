import fc from "fast-check";

/**
 * What `npm test` draws by chance is the same each time, so that a change is judged by what it changed. `npm run prove`
 * draws anew; what it finds becomes an example of its own.
 */
if (process.env.PORTAL_PROOF_FIGURES === undefined) fc.configureGlobal({ seed: 20_261_123 });
