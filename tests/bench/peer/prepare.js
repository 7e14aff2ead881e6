import { getMigrations } from "better-auth/db/migration";
import { auth } from "./auth.js";

/** Makes the tables, one account with a password by the library's own hand, and a key of it. Tells their names to the bench. */
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const email = "model@bench.example";
const password = "a password of some length";
const { user } = await auth.api.signUpEmail({ body: { name: "Model", email, password } });
const { key } = await auth.api.createApiKey({ body: { userId: user.id, name: "bench" } });
console.log(JSON.stringify({ id: user.id, email, password, key }));
process.exit(0);
