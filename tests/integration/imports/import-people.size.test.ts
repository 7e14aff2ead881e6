import { setInterval } from "node:timers";
import { expect, test } from "vitest";
import { MINUTE } from "#lib/core/clock.ts";
import { checkImport } from "#lib/imports/check-import.ts";
import { runImport } from "#lib/imports/run-import.ts";
import { uploadImport } from "#lib/imports/upload-import.ts";
import { owner } from "#tests/support/database.ts";
import { anImporter, importOf, workOff } from "#tests/support/imports.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";
import { aClient, aTenant } from "#tests/support/tenants.ts";

const PEOPLE = proofSize(2000, 100_000);
const MEBIBYTE = 1024 * 1024;
const MOST_MEBIBYTES = 300;
const HASH = "$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

/** A file of so many people, made as it is read: nobody holds all of it. */
async function* aLongFile(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("Name,Username,E-mail,Clients,Password hash\r\n");
  for (let at = 0; at < PEOPLE; at += 500) {
    const lines = Array.from({ length: Math.min(500, PEOPLE - at) }, (_, index) => lineOf(at + index));
    yield Buffer.from(lines.join(""));
  }
}

const lineOf = (n: number) =>
  `Person ${n},somebody${n},person.${n}@customer.example,Client ${n % 40},${n % 2 === 0 ? HASH : ""}\r\n`;

/** The most memory that this process has while something happens, above what it has before. */
async function memoryOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss);
  };
  const timer = setInterval(look, 100);
  await work();
  look();
  clearInterval(timer);
  return Math.ceil((most - before) / MEBIBYTE);
}

test(
  `a file of ${PEOPLE} people is taken in, checked and imported in little memory, and again changes nobody (D6) @prove-D6`,
  async () => {
    const tenant = await aTenant();
    const importer = await anImporter(tenant);
    for (let n = 0; n < 40; n += 1) await aClient(tenant, [], `Client ${n}`);
    const begun = Date.now();
    let id = "";
    const grown = await memoryOf(async () => {
      id = await checked();
      expect(await importOf(id)).toMatchObject({ status: "checked", added: PEOPLE, refused: 0 });
      await runImport(importer, { importId: id });
      await workOff(tenant, id);
    });
    const seconds = Math.ceil((Date.now() - begun) / 1000);
    expect(await importOf(id)).toMatchObject({ status: "done", added: PEOPLE, refused: 0 });
    expect(await numbers()).toEqual({
      people: PEOPLE,
      contacts: PEOPLE,
      passwords: PEOPLE / 2,
      events: PEOPLE,
    });
    expect(grown).toBeLessThan(MOST_MEBIBYTES);

    const again = await checked();
    expect(await importOf(again)).toMatchObject({ added: 0, changed: 0, unchanged: PEOPLE });
    reportFigure("D6", "people imported from one file", PEOPLE);
    reportFigure("D6", "seconds from the first byte to the last account", seconds);
    reportFigure("D6", "MiB by which the memory of the importing process grew", grown);

    async function checked(): Promise<string> {
      const upload = { kind: "contact", fileName: "people.csv", file: aLongFile() };
      const { id: importId } = await uploadImport(importer, upload);
      const mapping = { name: "0", username: "1", email: "2", clients: "3", hash: "4" };
      await checkImport(importer, { importId, ...mapping });
      await workOff(tenant, importId);
      return importId;
    }

    async function numbers() {
      const [row] = await owner()`
        select (select count(*)::integer from members where tenant_id = ${tenant.id} and kind = 'contact') as people,
               (select count(*)::integer from client_contacts where tenant_id = ${tenant.id}) as contacts,
               (select count(*)::integer from password_credentials where tenant_id = ${tenant.id}) as passwords,
               (select count(*)::integer from audit_events where tenant_id = ${tenant.id} and event = 'member.created') as events`;
      return row;
    }
  },
  proofSize(2, 30) * MINUTE,
);
