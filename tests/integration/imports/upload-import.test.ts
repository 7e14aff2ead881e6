import { describe, expect, test } from "vitest";
import type { Permission } from "#lib/access/permissions.ts";
import { cancelImport } from "#lib/imports/cancel-import.ts";
import { checkImport } from "#lib/imports/check-import.ts";
import { exportImportProblems } from "#lib/imports/export-import-problems.ts";
import { getImport } from "#lib/imports/get-import.ts";
import { listImports } from "#lib/imports/list-imports.ts";
import { reopenImport } from "#lib/imports/reopen-import.ts";
import { runImport } from "#lib/imports/run-import.ts";
import { uploadImport } from "#lib/imports/upload-import.ts";
import { actingWith, visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import {
  aCheckedImport,
  anImporter,
  anUpload,
  IMPORTS_ALL,
  importOf,
  inPieces,
  linesOf,
} from "#tests/support/imports.ts";
import { auditOf } from "#tests/support/records.ts";
import { aClient, aTenant, groupOf } from "#tests/support/tenants.ts";

const CONTACTS = "Full name;E-Mail address;Company\nJo Doe;jo@mail.example;Kowalska Studio\n";

const importsOf = ({ id }: { id: string }) => owner()`select id from imports where tenant_id = ${id}`;

test("a file that comes in piece by piece lies there in lines, and nobody is changed (D6)", async () => {
  const tenant = await aTenant();
  const importer = await anImporter(tenant);
  const file = inPieces(CONTACTS, 3);
  const { id } = await uploadImport(importer, { kind: "contact", fileName: "C:\\people.csv", file });
  expect(await importOf(id)).toMatchObject({
    status: "uploaded",
    columns: ["Full name", "E-Mail address", "Company"],
    lines: 1,
  });
  expect(await linesOf(id)).toMatchObject([
    { line: 2, cells: ["Jo Doe", "jo@mail.example", "Kowalska Studio"], outcome: null },
  ]);
  expect(await auditOf(tenant)).toMatchObject([
    { event: "import.uploaded", targetId: id, detail: { kind: "contact", lines: 1 } },
  ]);
});

test("its columns are known by their headings", async () => {
  const importer = await anImporter(await aTenant());
  const { mapping } = await getImport(importer, { id: await anUpload(importer, CONTACTS) });
  expect(mapping).toMatchObject({ name: "0", email: "1", clients: "2", username: "", hash: "" });
});

test("the headings of an exported list are known, so that it can be imported again (UX34)", async () => {
  const importer = await anImporter(await aTenant());
  const exported =
    '"Name","Kind","User Type","Username","E-mail","Security Group","Clients"\r\n"A","","","a","a@x.example","","B"\r\n';
  const { mapping } = await getImport(importer, { id: await anUpload(importer, exported) });
  expect(mapping).toMatchObject({ name: "0", username: "3", email: "4", group: "5", clients: "6" });
});

describe("a file that cannot be read leaves nothing behind:", () => {
  test.each([
    ["an empty one", "", "empty"],
    ["one with headings alone", "Name,E-mail\n", "nobody"],
    [
      "one that breaks in the middle",
      `Name,E-mail\n${"A,a@x.example\n".repeat(1500)}"x`,
      "broken_after_1501",
    ],
    ["one with too many columns", `${"a,".repeat(60)}a\n1\n`, "too_many_columns"],
  ])("%s", async (_, content, reason) => {
    const tenant = await aTenant();
    const importer = await anImporter(tenant);
    await expect(anUpload(importer, content)).rejects.toMatchObject({ code: "invalid", reason });
    expect(await importsOf(tenant)).toHaveLength(0);
  });

  test("one that stops coming", async () => {
    const tenant = await aTenant();
    const importer = await anImporter(tenant);
    async function* broken() {
      yield* inPieces(`Name,E-mail\n${"A,a@x.example\n".repeat(1500)}`);
      throw new Error("the line went dead");
    }
    const upload = uploadImport(importer, { kind: "contact", fileName: "a.csv", file: broken() });
    await expect(upload).rejects.toThrow();
    expect(await importsOf(tenant)).toHaveLength(0);
  });
});

describe("nobody uploads a file", () => {
  test.each([
    ["of contacts without being allowed to import contacts", "contact", ["clients:manage", "members:manage"]],
    ["of staff without being allowed to manage members", "staff", ["contacts:import", "clients:manage"]],
  ] as const)("%s", async (_, kind, permissions) => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, ...(permissions as readonly Permission[]));
    await expect(anUpload(ctx, CONTACTS, kind)).rejects.toMatchObject({ code: "forbidden" });
    expect(await importsOf(tenant)).toHaveLength(0);
  });

  test("by an API token", async () => {
    const tenant = await aTenant();
    const ctx = actingWith(tenant, ...IMPORTS_ALL);
    await expect(
      anUpload({ ...ctx, actor: { ...ctx.actor, byApiToken: true } }, CONTACTS),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(await importsOf(tenant)).toHaveLength(0);
  });

  test("who is signed out", async () => {
    const tenant = await aTenant();
    const upload = uploadImport(visitorOf(tenant), {
      kind: "contact",
      fileName: "a",
      file: inPieces(CONTACTS),
    });
    await expect(upload).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await importsOf(tenant)).toHaveLength(0);
  });

  test("again and again", async () => {
    const tenant = await aTenant();
    const importer = await anImporter(tenant);
    for (let times = 0; times < 10; times += 1) await anUpload(importer, CONTACTS);
    await expect(anUpload(importer, CONTACTS)).rejects.toMatchObject({ code: "rate_limited" });
    expect(await importsOf(tenant)).toHaveLength(10);
  });
});

describe("an import is its owner's alone: for anybody else it does not exist,", () => {
  const uses = {
    getImport: (ctx: Parameters<typeof getImport>[0], id: string) => getImport(ctx, { id }),
    checkImport: (ctx: Parameters<typeof getImport>[0], importId: string) =>
      checkImport(ctx, { importId, name: "0", email: "1" }),
    runImport: (ctx: Parameters<typeof getImport>[0], importId: string) => runImport(ctx, { importId }),
    reopenImport: (ctx: Parameters<typeof getImport>[0], importId: string) => reopenImport(ctx, { importId }),
    cancelImport: (ctx: Parameters<typeof getImport>[0], importId: string) => cancelImport(ctx, { importId }),
    exportImportProblems: (ctx: Parameters<typeof getImport>[0], importId: string) =>
      exportImportProblems(ctx, { importId }),
  };

  test.each(Object.entries(uses))("%s", async (_, use) => {
    const tenant = await aTenant();
    const id = await aCheckedImport(await anImporter(tenant), CONTACTS);
    const before = await importOf(id);
    const colleague = await anImporter(tenant);
    await expect(use(colleague, id)).rejects.toMatchObject({ code: "not_found" });
    const elsewhere = await anImporter(await aTenant());
    await expect(use(elsewhere, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await importOf(id)).toEqual(before);
  });

  test("nor for its owner who may not import any more", async () => {
    const tenant = await aTenant();
    const importer = await anImporter(tenant);
    const id = await aCheckedImport(importer, CONTACTS);
    const poorer = {
      ...importer,
      actor: { ...importer.actor, permissions: new Set<Permission>(["clients:read"]) },
    };
    await expect(getImport(poorer, { id })).rejects.toMatchObject({ code: "not_found" });
    await expect(listImports(poorer, "contact")).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("what the columns hold is refused", () => {
  test.each([
    ["without a column of names", { email: "1" }, "name"],
    ["without a column that somebody could be known by", { name: "0" }, "email"],
    ["with a column that the file does not have", { name: "0", email: "7" }, "email"],
    ["with half of a Firebase project", { name: "0", email: "1", signerKey: "QUFB" }, "signerKey"],
  ])("%s", async (_, mapping, field) => {
    const importer = await anImporter(await aTenant());
    const importId = await anUpload(importer, CONTACTS);
    await expect(checkImport(importer, { importId, ...mapping })).rejects.toMatchObject({
      code: "invalid",
      fieldErrors: { [field]: [expect.any(String)] },
    });
    expect(await importOf(importId)).toMatchObject({ status: "uploaded", mapping: {} });
  });

  test("where clients are to be created and the importer may not create any", async () => {
    const importer = await anImporter(await aTenant(), ["clients:read", "contacts:import"]);
    const importId = await anUpload(importer, CONTACTS);
    const mapping = { importId, name: "0", email: "1", createClients: "on" };
    await expect(checkImport(importer, mapping)).rejects.toMatchObject({ code: "forbidden" });
    expect(await importOf(importId)).toMatchObject({ status: "uploaded" });
  });

  test("where staff are to become more than the importer is (SEC60)", async () => {
    const tenant = await aTenant();
    const importer = await anImporter(tenant);
    const importId = await anUpload(importer, CONTACTS, "staff");
    const securityGroupId = await groupOf(tenant, "administrator");
    await expect(
      checkImport(importer, { importId, name: "0", email: "1", securityGroupId }),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(await importOf(importId)).toMatchObject({ status: "uploaded" });
  });
});

test("an import runs once, whoever presses how often", async () => {
  const tenant = await aTenant();
  const importer = await anImporter(tenant);
  await aClient(tenant, [], "Kowalska Studio");
  const importId = await aCheckedImport(importer, CONTACTS);
  const presses = await Promise.allSettled([1, 2, 3].map(() => runImport(importer, { importId })));
  expect(presses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const jobs =
    await owner()`select key from graphile_worker._private_jobs where key like ${`import:${importId}:running`}`;
  expect(jobs).toHaveLength(1);
});

test("a cancelled import forgets its lines, and cannot be cancelled twice", async () => {
  const importer = await anImporter(await aTenant());
  const importId = await aCheckedImport(importer, CONTACTS);
  await cancelImport(importer, { importId });
  expect(await importOf(importId)).toMatchObject({ status: "cancelled" });
  expect((await linesOf(importId)).every(({ cells }) => cells === null)).toBe(true);
  await expect(cancelImport(importer, { importId })).rejects.toMatchObject({ code: "conflict" });
});

test("the key of a Firebase project is shown to nobody, and gone when the import is over", async () => {
  const importer = await anImporter(await aTenant());
  const project = { signerKey: "c2lnbmVy", saltSeparator: "Bw==", rounds: "8", memoryCost: "14" };
  const importId = await aCheckedImport(importer, CONTACTS, project);
  expect((await getImport(importer, { id: importId })).mapping).not.toHaveProperty("signerKey");
  await cancelImport(importer, { importId });
  expect((await importOf(importId))?.mapping).not.toHaveProperty("signerKey");
});

test("the problems of a file are a table, with no formula and no hash in it (UX34)", async () => {
  const tenant = await aTenant();
  const importer = await anImporter(tenant);
  const content = "Name,E-mail,Clients,Hash\n=1+1,bad address,Nobody Inc,secret-in-a-hash\n";
  const importId = await aCheckedImport(importer, content);
  const { csv } = await exportImportProblems(importer, { importId });
  expect(csv).toContain(`"2","'=1+1","bad address","","E-mail",`);
  expect(csv).not.toContain("secret-in-a-hash");
  expect(await auditOf(tenant)).toContainEqual(
    expect.objectContaining({ event: "import.problems_exported", targetId: importId, detail: { lines: 1 } }),
  );
});
