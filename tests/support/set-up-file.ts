import { afterAll, afterEach } from "vitest";
import { clock } from "./clock.ts";
import { dropDatabase, openDatabase } from "./database.ts";
import { keepLog } from "./kept-log.ts";
import { breakMail, closeMailServer, openMailServer } from "./mail-server.ts";

keepLog();
await openDatabase();
await openMailServer();

afterEach(async () => {
  breakMail(undefined);
  await clock.reset();
});

afterAll(async () => {
  await closeMailServer();
  await dropDatabase();
});
