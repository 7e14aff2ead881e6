import { afterAll, afterEach } from "vitest";
import { clock } from "./clock.ts";
import { dropDatabase, openDatabase } from "./database.ts";
import { keepLog } from "./kept-log.ts";
import { breakMail, closeMailServer, mailServerUrl, openMailServer } from "./mail-server.ts";
import { changeSettings } from "./settings.ts";

keepLog();
await openDatabase();
await openMailServer();

afterEach(async () => {
  breakMail(undefined);
  changeSettings({ SMTP_URL: mailServerUrl() });
  await clock.reset();
});

afterAll(async () => {
  await closeMailServer();
  await dropDatabase();
});
