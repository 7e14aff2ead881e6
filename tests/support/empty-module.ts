/** What `server-only` is here: the guard against bundling server code for browsers, which plain Node would trip. */
export {};
