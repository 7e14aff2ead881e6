import { hash, verify } from "@node-rs/argon2";
import { serve } from "./serve.ts";

const PASSWORD = "a password of some length";
const ARGON2ID = 2;
const stored = await hash(PASSWORD, {
  algorithm: ARGON2ID,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
});

/** One verification of a password, and nothing else of a sign-in. */
serve(async () => ({ status: (await verify(stored, PASSWORD)) ? 200 : 401, body: "{}" }));
