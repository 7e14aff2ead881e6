import { describe, expect, test } from "vitest";
import { cancelImport } from "#lib/imports/cancel-import.ts";
import { checkImport } from "#lib/imports/check-import.ts";
import { runImport } from "#lib/imports/run-import.ts";
import { workOffImport } from "#lib/imports/work-off-import.ts";
import { signIn } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { bcryptOf } from "#tests/support/imported.ts";
import {
  aCheckedImport,
  anImport,
  anImporter,
  anUpload,
  IMPORTS_ALL,
  importOf,
  linesOf,
  peopleOf,
  workOff,
} from "#tests/support/imports.ts";
import { outboxOf } from "#tests/support/mail.ts";
import { auditOf, refused } from "#tests/support/records.ts";
import { aClient, alter, aMember, aTenant, GOOD_PASSWORD, groupOf } from "#tests/support/tenants.ts";

const HEADER = "Name,Username,E-mail,Clients,Password hash";

/** A file of people, a line each. */
const file = (...lines: string[]) => [HEADER, ...lines].join("\r\n");

async function aScene(permissions = IMPORTS_ALL) {
  const tenant = await aTenant();
  const importer = await anImporter(tenant, permissions);
  await aClient(tenant, [], "Kowalska Studio");
  return { tenant, importer };
}

describe("a file of contacts (D6)", () => {
  test("is looked through first, which changes nobody", async () => {
    const { tenant, importer } = await aScene();
    const id = await aCheckedImport(importer, file("Jo Doe,,jo@mail.example,Kowalska Studio,"));
    expect(await importOf(id)).toMatchObject({ status: "checked", lines: 1, added: 1, refused: 0 });
    expect(await peopleOf(tenant)).toEqual([]);
    expect((await auditOf(tenant)).map(({ event }) => event)).toEqual(["import.uploaded", "import.checked"]);
  });

  test("adds whom it names, with username, clients and password, and mails nobody", async () => {
    const { tenant, importer } = await aScene();
    await aClient(tenant, [], "Second");
    const hash = bcryptOf(GOOD_PASSWORD);
    const id = await anImport(importer, file(`Jo Doe,jo,jo@mail.example,Kowalska Studio; second,${hash}`));
    expect(await peopleOf(tenant)).toMatchObject([
      {
        name: "Jo Doe",
        username: "jo",
        email: "jo@mail.example",
        clients: ["Kowalska Studio", "Second"],
        hash,
      },
    ]);
    expect(await importOf(id)).toMatchObject({ status: "done", handled: 1, added: 1 });
    expect(await outboxOf(tenant)).toEqual([]);
    expect(await signIn(tenant, "jo", GOOD_PASSWORD)).toMatchObject({ kind: "full" });
  });

  test("is told of in the audit log: that it began and ended, and each account", async () => {
    const { tenant, importer } = await aScene();
    const id = await anImport(importer, file("Jo Doe,,jo@mail.example,Kowalska Studio,"));
    const [jo] = await peopleOf(tenant);
    const log = await auditOf(tenant);
    expect(log).toContainEqual(
      expect.objectContaining({ event: "import.started", targetId: id, actorKind: "member" }),
    );
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "member.created",
        targetId: jo?.id,
        detail: { kind: "contact", clients: 1, address: true, import: id },
      }),
    );
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "import.finished",
        targetId: id,
        detail: { kind: "contact", added: 1, changed: 0, unchanged: 0, refused: 0 },
      }),
    );
  });

  test("leaves nothing of the lines that were applied, and no hash of those that were refused", async () => {
    const { importer } = await aScene();
    const hash = bcryptOf(GOOD_PASSWORD);
    const good = `Jo Doe,,jo@mail.example,Kowalska Studio,${hash}`;
    const id = await anImport(importer, file(good, `Bad Line,,not an address,Kowalska Studio,${hash}`));
    expect(await linesOf(id)).toMatchObject([
      { cells: null, outcome: "added" },
      { cells: ["Bad Line", "", "not an address", "", ""], outcome: "refused" },
    ]);
  });

  test("the same again changes nobody", async () => {
    const { tenant, importer } = await aScene();
    const content = file(
      `Jo Doe,jo,jo@mail.example,Kowalska Studio,${bcryptOf(GOOD_PASSWORD)}`,
      "Ann Other,,ann@mail.example,Kowalska Studio,",
    );
    await anImport(importer, content);
    const before = await peopleOf(tenant);
    const again = await aCheckedImport(importer, content);
    expect(await importOf(again)).toMatchObject({ added: 0, changed: 0, unchanged: 2, refused: 0 });
    await expect(runImport(importer, { importId: again })).rejects.toMatchObject({ code: "conflict" });
    expect(await peopleOf(tenant)).toEqual(before);
  });

  test("changes the name of somebody who is there, and adds clients to those that they have", async () => {
    const { tenant, importer } = await aScene();
    await aClient(tenant, [], "Second");
    await anImport(importer, file("Jo Doe,,jo@mail.example,Kowalska Studio,"));
    const id = await anImport(importer, file("Jo Doe-Roe,,JO@mail.example,Second,"));
    expect(await importOf(id)).toMatchObject({ changed: 1, added: 0 });
    expect(await peopleOf(tenant)).toMatchObject([
      { name: "Jo Doe-Roe", email: "jo@mail.example", clients: ["Kowalska Studio", "Second"] },
    ]);
    const [jo] = await peopleOf(tenant);
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({
        event: "member.changed",
        targetId: jo?.id,
        detail: { fields: "name clients", import: id },
      }),
    );
  });

  test("never replaces a password, nor gives one to somebody who is there", async () => {
    const { tenant, importer } = await aScene();
    const jo = await aMember(tenant, {
      kind: "contact",
      email: "jo@mail.example",
      name: "Jo",
      username: "jo",
    });
    await aClient(tenant, [jo], "Second");
    const line = `Jo,jo,jo@mail.example,Kowalska Studio,${bcryptOf(GOOD_PASSWORD)}`;
    const id = await anImport(importer, file(line));
    expect(await importOf(id)).toMatchObject({ changed: 1 });
    expect(await peopleOf(tenant)).toMatchObject([{ name: "Jo", hash: null }]);
  });

  test("takes what looks like a formula as text (UX34)", async () => {
    const { tenant, importer } = await aScene();
    await anImport(importer, file(`"'=HYPERLINK(""x"")",,jo@mail.example,Kowalska Studio,`));
    expect(await peopleOf(tenant)).toMatchObject([{ name: '=HYPERLINK("x")' }]);
  });

  test("creates clients only where its importer ticked it, each once, with its workspace", async () => {
    const { tenant, importer } = await aScene();
    const content = file("A,,a@mail.example,New One,", "B,,b@mail.example,new one; Kowalska Studio,");
    const without = await aCheckedImport(importer, content);
    expect(await importOf(without)).toMatchObject({ refused: 2 });
    await anImport(importer, content, { createClients: "on" });
    expect(await peopleOf(tenant)).toMatchObject([
      { clients: ["New One"] },
      { clients: ["Kowalska Studio", "New One"] },
    ]);
    const [created] = await owner()`
      select count(w.id)::integer as workspaces from clients c join workspaces w on w.client_id = c.id
       where c.tenant_id = ${tenant.id} and c.name = 'New One'`;
    expect(created).toEqual({ workspaces: 1 });
  });
});

describe("a bad line costs nothing but itself:", () => {
  const cases: [what: string, line: string, field: string, text: RegExp][] = [
    ["without a name", ",,x@mail.example,Kowalska Studio,", "name", /missing/],
    ["without an address and a username", "X,,,Kowalska Studio,", "email", /missing/],
    ["with an address that is none", "X,,x at mail,Kowalska Studio,", "email", /not an e-mail/],
    [
      "with a username that is somebody else's address",
      "X,y@mail.example,x@mail.example,Kowalska Studio,",
      "username",
      /username/i,
    ],
    ["without a client", "X,,x@mail.example,,", "clients", /at least one/],
    ["with a client that is not there", "X,,x@mail.example,Nobody Inc,", "clients", /no client “Nobody Inc”/],
    ["with a cell too many", "X,,x@mail.example,Kowalska Studio,,more", "line", /6 cells/],
    [
      "with a password in the place of a hash",
      "X,,x@mail.example,Kowalska Studio,summer26",
      "hash",
      /no password hash/,
    ],
    [
      "with a hash that costs too much",
      `X,,x@mail.example,Kowalska Studio,$2b$15$${"a".repeat(53)}`,
      "hash",
      /cost/,
    ],
    ["about somebody of a line above", "X,,GOOD@mail.example,Kowalska Studio,", "double", /Line 2/],
  ];
  test.each(cases)("%s", async (_, line, field, text) => {
    const { tenant, importer } = await aScene();
    const good = "Good,,good@mail.example,Kowalska Studio,";
    const id = await anImport(importer, file(good, line));
    expect(await importOf(id)).toMatchObject({ status: "done", added: 1, refused: 1 });
    const [, refused] = await linesOf(id);
    expect(refused?.problems?.[field]?.[0]).toMatch(text);
    expect((await peopleOf(tenant)).map(({ name }) => name)).toEqual(["Good"]);
  });

  test("one that the database itself refuses", async () => {
    const { tenant, importer } = await aScene();
    const lines = Array.from({ length: 9 }, (_, n) => `Person ${n},,p${n}@mail.example,Kowalska Studio,`);
    const id = await aCheckedImport(importer, file(...lines));
    await owner().unsafe(`
      create function trip() returns trigger language plpgsql as $$ begin
        if new.email_key = 'p5@mail.example' then raise 'not this one'; end if; return new; end $$;
      create trigger trip before insert on members for each row execute function trip()`);
    await runImport(importer, { importId: id });
    await workOff(tenant, id);
    await owner().unsafe("drop trigger trip on members; drop function trip()");
    expect(await importOf(id)).toMatchObject({ status: "done", added: 8, refused: 1 });
    expect((await linesOf(id))[5]).toMatchObject({
      outcome: "refused",
      problems: { line: [expect.any(String)] },
    });
    expect(await peopleOf(tenant)).toHaveLength(8);
  });
});

describe("nobody is changed by a file who", () => {
  test.each([
    ["is of the staff", { kind: "staff" }],
    ["is deleted", { kind: "contact", deleted: true }],
  ] as const)("%s", async (_, { kind, ...more }) => {
    const { tenant, importer } = await aScene();
    const jo = await aMember(tenant, { kind, name: "Jo", email: "jo@mail.example" });
    if ("deleted" in more) await alter(tenant, jo, { status: "disabled", deletedAt: new Date() });
    const id = await aCheckedImport(importer, file("Other,,jo@mail.example,Kowalska Studio,"));
    expect((await linesOf(id))[0]).toMatchObject({
      outcome: "refused",
      problems: { email: ["Another account of this firm has this username or e-mail."] },
    });
  });

  test("has another address than the file says", async () => {
    const { tenant, importer } = await aScene();
    await aMember(tenant, { kind: "contact", username: "jo", email: "jo@mail.example" });
    const id = await aCheckedImport(importer, file("Jo,jo,thief@mail.example,Kowalska Studio,"));
    expect((await linesOf(id))[0]).toMatchObject({
      outcome: "refused",
      problems: { email: [expect.any(String)] },
    });
  });

  test("is a contact of clients that the importer is not assigned to (E7), and these cannot be named either", async () => {
    const { tenant, importer } = await aScene();
    await owner()`update security_groups set client_scope = 'assigned'
      where id = (select security_group_id from members where id = ${importer.actor.memberId})`;
    const jo = await aMember(tenant, { kind: "contact", email: "jo@mail.example" });
    await aClient(tenant, [jo], "Hidden");
    const content = file("Jo,,jo@mail.example,Hidden,", "New,,new@mail.example,Hidden,");
    const id = await aCheckedImport(importer, content, { createClients: "on" });
    expect(await linesOf(id)).toMatchObject([
      { outcome: "refused", problems: { email: [expect.stringContaining("Another account")] } },
      { outcome: "refused", problems: { clients: [expect.stringContaining("no client “Hidden”")] } },
    ]);
  });

  test("is there, where the importer may add contacts and not change them", async () => {
    const { tenant, importer } = await aScene(["workspaces:enter", "clients:read", "contacts:import"]);
    await aMember(tenant, { kind: "contact", name: "Jo", username: "jo", email: "jo@mail.example" });
    const content = file(
      "Jo Roe,,jo@mail.example,Kowalska Studio,",
      "New,,new@mail.example,Kowalska Studio,",
    );
    const id = await anImport(importer, content, { hash: "" });
    expect(await importOf(id)).toMatchObject({ added: 1, changed: 0, refused: 1 });
    expect((await peopleOf(tenant)).map(({ name }) => name)).toEqual(["Jo", "New"]);
  });
});

describe("a file of staff", () => {
  const staffFile = (...lines: string[]) => ["Name,E-mail,Security Group", ...lines].join("\n");

  test("gives each the security group of the line, else the one that was chosen", async () => {
    const { tenant, importer } = await aScene([...IMPORTS_ALL, "reports:read", "tokens:introspect"]);
    const securityGroupId = await groupOf(tenant, "read_only");
    const content = staffFile("Ann,ann@mail.example,", "Bob,bob@mail.example,orchestration user");
    await anImport(importer, content, { kind: "staff", securityGroupId });
    const rows = await owner()`
      select m.name, g.preset from members m join security_groups g on g.id = m.security_group_id
       where m.tenant_id = ${tenant.id} and m.name in ('Ann', 'Bob') order by m.name`;
    expect([...rows]).toEqual([
      { name: "Ann", preset: "read_only" },
      { name: "Bob", preset: "orchestration" },
    ]);
  });

  test("makes nobody more than the importer is (SEC60)", async () => {
    const { tenant, importer } = await aScene();
    const content = staffFile("Ann,ann@mail.example,Administrator", "Bob,bob@mail.example,Client Contact");
    const id = await aCheckedImport(importer, content, { kind: "staff" });
    expect(await linesOf(id)).toMatchObject([
      { outcome: "refused", problems: { group: [expect.stringContaining("more than you can")] } },
      { outcome: "refused", problems: { group: ["There is no security group of this name."] } },
    ]);
    await expect(runImport(importer, { importId: id })).rejects.toMatchObject({ code: "conflict" });
    expect(await peopleOf(tenant, "staff")).toEqual([]);
  });

  test("renames nobody who can do more than the importer", async () => {
    const { tenant, importer } = await aScene();
    await aMember(tenant, { name: "Ada Admin", username: "ada", email: "ada@mail.example" });
    const id = await aCheckedImport(importer, staffFile("Ada Other,ada@mail.example,"), { kind: "staff" });
    expect((await linesOf(id))[0]).toMatchObject({ outcome: "refused" });
  });

  test("moves nobody into another security group", async () => {
    const { tenant, importer } = await aScene([...IMPORTS_ALL, "reports:read", "tokens:introspect"]);
    await aMember(tenant, { name: "Ray", email: "ray@mail.example", group: "read_only" });
    const content = staffFile("Ray,ray@mail.example,Orchestration User");
    const id = await aCheckedImport(importer, content, { kind: "staff" });
    expect((await linesOf(id))[0]).toMatchObject({
      outcome: "refused",
      problems: { group: [expect.any(String)] },
    });
  });
});

describe("whatever stops the worker, no line is left out and none is applied twice (D6)", () => {
  const crowd = (count: number) =>
    file(...Array.from({ length: count }, (_, n) => `Person ${n},,p${n}@mail.example,Kowalska Studio,`));

  test("at whatever turn it ends: each turn is whole or not at all", async () => {
    const { tenant, importer } = await aScene();
    const id = await aCheckedImport(importer, crowd(1200));
    await runImport(importer, { importId: id });
    expect(await workOffImport(tenant.id, id)).toBe("more");
    await owner().unsafe(`
      create function trip() returns trigger language plpgsql as $$ begin
        raise 'the worker dies here' using errcode = '57P01'; end $$;
      create trigger trip before update of handled on imports for each row execute function trip()`);
    await expect(workOffImport(tenant.id, id)).rejects.toThrow();
    await owner().unsafe("drop trigger trip on imports; drop function trip()");
    expect(await peopleOf(tenant)).toHaveLength(500);
    await workOff(tenant, id);
    expect(await importOf(id)).toMatchObject({ status: "done", handled: 1200, added: 1200, unchanged: 0 });
    expect(await peopleOf(tenant)).toHaveLength(1200);
    const created = (await auditOf(tenant)).filter(({ event }) => event === "member.created");
    expect(new Set(created.map(({ targetId }) => targetId)).size).toBe(1200);
  });

  test("an import that is cancelled while it runs stays where it is, and forgets its lines", async () => {
    const { tenant, importer } = await aScene();
    const id = await aCheckedImport(importer, crowd(700));
    await runImport(importer, { importId: id });
    await workOffImport(tenant.id, id);
    await cancelImport(importer, { importId: id });
    expect(await workOffImport(tenant.id, id)).toBe("done");
    expect(await peopleOf(tenant)).toHaveLength(500);
    expect((await linesOf(id)).filter(({ cells }) => cells !== null)).toEqual([]);
  });

  test("one whose importer was disabled meanwhile is stopped, and says why in the log", async () => {
    const { tenant, importer } = await aScene();
    const id = await aCheckedImport(importer, crowd(3));
    await runImport(importer, { importId: id });
    await owner()`update members set status = 'disabled' where id = ${importer.actor.memberId}`;
    expect(await workOffImport(tenant.id, id)).toBe("done");
    expect(await importOf(id)).toMatchObject({ status: "cancelled", added: 0 });
    expect(await peopleOf(tenant)).toEqual([]);
    expect(await auditOf(tenant)).toContainEqual(
      expect.objectContaining({ event: "import.cancelled", reason: "importer_not_allowed" }),
    );
  });

  test("one whose importer lost the permission meanwhile is stopped", async () => {
    const { tenant, importer } = await aScene();
    const id = await aCheckedImport(importer, crowd(3));
    await runImport(importer, { importId: id });
    await owner()`update security_groups set permissions = array_remove(permissions, 'contacts:import')
      where id = (select security_group_id from members where id = ${importer.actor.memberId})`;
    expect(await workOffImport(tenant.id, id)).toBe("done");
    expect(await peopleOf(tenant)).toEqual([]);
  });
});

describe("whoever imports a hash chooses a password for somebody (X1)", () => {
  const line = () => file(`Jo Doe,jo,jo@mail.example,Kowalska Studio,${bcryptOf(GOOD_PASSWORD)}`);
  const without = IMPORTS_ALL.filter((permission) => permission !== "members:set_password");

  test("so it takes the permission for that", async () => {
    const { tenant, importer } = await aScene(without);
    const importId = await anUpload(importer, line());
    const mapping = { name: "0", username: "1", email: "2", clients: "3", hash: "4" };
    const error = await refused(tenant, () => checkImport(importer, { importId, ...mapping }));
    expect(error).toMatchObject({ code: "forbidden" });
    expect(await peopleOf(tenant)).toEqual([]);
  });

  test("also when the worker comes to it", async () => {
    const { tenant, importer } = await aScene();
    const importId = await aCheckedImport(importer, line());
    await owner()`update security_groups set permissions = ${without}
      where tenant_id = ${tenant.id} and id = (select security_group_id from members where id = ${importer.actor.memberId})`;
    await runImport(importer, { importId });
    await workOff(tenant, importId);
    expect(await importOf(importId)).toMatchObject({ status: "cancelled" });
    expect(await peopleOf(tenant)).toEqual([]);
  });
});
