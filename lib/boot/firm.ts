import { parseArgs } from "node:util";
import { closeDatabase } from "#db/client.ts";
import { DomainError } from "#lib/core/errors.ts";
import { foundFirm } from "#lib/tenancy/found-firm.ts";
import { changeTenantStatus, listTenants } from "#lib/tenancy/manage-tenants.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

const USAGE = `npm run firm -- create <slug> <name> <admin e-mail>
npm run firm -- disable <slug>
npm run firm -- enable <slug>
npm run firm -- list`;

const COMMANDS: Record<string, { takes: number; run: (...args: string[]) => Promise<string> }> = {
  create: { takes: 3, run: create },
  disable: { takes: 1, run: (slug = "") => changeStatus(slug, "disabled") },
  enable: { takes: 1, run: (slug = "") => changeStatus(slug, "enabled") },
  list: { takes: 0, run: list },
};

const { positionals } = parseArgs({ allowPositionals: true });
const [name = "", ...args] = positionals;
const chosen = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
process.exitCode =
  chosen && args.length === chosen.takes ? await attempt(() => chosen.run(...args)) : usage();
await closeDatabase();

async function create(slug = "", firmName = "", email = ""): Promise<string> {
  await foundFirm({ slug, name: firmName, adminEmail: email });
  return `${firmName} has been created at ${firmOrigin(slug)}. The invitation goes to ${email} as soon as the worker runs.`;
}

async function changeStatus(slug: string, status: "enabled" | "disabled"): Promise<string> {
  await changeTenantStatus(slug, status);
  return `${slug} is ${status} from the next request on.`;
}

async function list(): Promise<string> {
  const firms = await listTenants();
  if (firms.length === 0) return "There is no firm yet.";
  return firms
    .map(({ slug, name: firmName, status }) => `${slug.padEnd(20)} ${status.padEnd(9)} ${firmName}`)
    .join("\n");
}

async function attempt(run: () => Promise<string>): Promise<number> {
  try {
    console.log(await run());
    return 0;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const particulars = Object.values(error.fieldErrors).flat();
    console.error(particulars.length > 0 ? particulars.join("\n") : error.message);
    return 1;
  }
}

function usage(): number {
  console.error(USAGE);
  return 1;
}
