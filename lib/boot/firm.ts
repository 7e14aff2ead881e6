import { parseArgs } from "node:util";
import { closeDatabase } from "#db/client.ts";
import { unfreezeAsOperator } from "#lib/auth/freeze/unfreeze-as-operator.ts";
import { DomainError } from "#lib/core/errors.ts";
import { foundFirm } from "#lib/tenancy/found-firm.ts";
import { changeTenantStatus, listTenants, requireFirm } from "#lib/tenancy/manage-tenants.ts";
import { operatorContext } from "#lib/tenancy/operator-context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";

const USAGE = `npm run firm -- create <slug> <name> <admin e-mail>
npm run firm -- disable <slug>
npm run firm -- enable <slug>
npm run firm -- unfreeze <slug> <username or e-mail>
npm run firm -- list`;

const COMMANDS: Record<string, { takes: number; run: (...args: string[]) => Promise<string> }> = {
  create: { takes: 3, run: create },
  disable: { takes: 1, run: (slug = "") => changeStatus(slug, "disabled") },
  enable: { takes: 1, run: (slug = "") => changeStatus(slug, "enabled") },
  unfreeze: { takes: 2, run: unfreeze },
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

/** Whoever asks is known to the operator: a frozen account is opened to nobody but its own mailbox. */
async function unfreeze(slug = "", identifier = ""): Promise<string> {
  const firm = await requireFirm(slug);
  const { notMailed } = await unfreezeAsOperator(operatorContext(firm), { identifier });
  if (!notMailed)
    return `${identifier} is open again. The way in goes to its mailbox as soon as the worker runs.`;
  return `${identifier} is open again. No e-mail goes to it: ${notMailed.replaceAll("_", " ")}.`;
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
