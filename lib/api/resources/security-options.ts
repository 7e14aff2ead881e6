import * as z from "zod";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import {
  EXPIRY_DAYS,
  RECOVERY_PROFILES,
  REMEMBER_DEVICE_DAYS,
  type SecurityOptions,
  STEP_UP_MINUTES,
} from "#lib/policy/security-options.ts";
import { changeSecurityOptions } from "#lib/settings/change-security-options.ts";
import { getSecurityOptionsVersion } from "#lib/settings/get-security-options-version.ts";
import { listSecurityOptionsVersions } from "#lib/settings/list-security-options-versions.ts";
import type { OptionsVersion } from "#lib/settings/read-versions.ts";
import { restoreSecurityOptions } from "#lib/settings/restore-security-options.ts";
import { simulateSecurityOptions } from "#lib/settings/simulate-security-options.ts";
import { Moment, Version } from "../fields.ts";
import { operation } from "../operation.ts";

const tag = "Security options";
const permission = "settings:manage";

/** As values of JSON, all of them: what is left out would be switched off. The use case judges how much is enough. */
const Options = z.strictObject({
  lengthRequired: z.boolean(),
  minLength: z.int(),
  upperRequired: z.boolean(),
  letterRequired: z.boolean(),
  numericRequired: z.boolean(),
  symbolRequired: z.boolean(),
  minStrength: z.enum(STRENGTHS),
  breachList: z.boolean(),
  historyDepth: z.int(),
  nearCopies: z.boolean(),
  rulesApplyAt: z.enum(["next_change", "next_sign_in"]),
  expiryDays: z.literal(EXPIRY_DAYS),
  lockAfter: z.int(),
  recoveryProfile: z.enum(RECOVERY_PROFILES),
  usernameInMail: z.boolean(),
  administratorsSetStaff: z.boolean(),
  administratorsSetContacts: z.boolean(),
  secondFactor: z.enum(["optional", "required"]),
  secondFactorFrom: z.union([z.literal(""), z.iso.datetime()]).meta({ description: "Empty for at once." }),
  trustProviderFactors: z.boolean(),
  rememberDeviceDays: z.literal(REMEMBER_DEVICE_DAYS),
  lostDeviceReset: z.boolean(),
  stepUpMinutes: z.literal(STEP_UP_MINUTES),
  stepUpFor: z.enum(["everybody", "enrolled"]),
  idleMinutes: z.int(),
  sessionHours: z.int(),
  riskSignals: z.enum(["off", "shadow", "ask"]),
  offerPasskeys: z.boolean(),
} satisfies Record<keyof SecurityOptions, z.ZodType>);

const OptionsAnswer = z
  .object({
    version: Version,
    options: z.object(Options.shape),
    changedAt: Moment.nullable(),
    changedBy: z.string().nullable(),
    restoredVersion: Version.nullable(),
  })
  .meta({ id: "SecurityOptions", description: "One version of the firm's security options." });

function shown({ version, options, at, by, restoredVersion }: OptionsVersion) {
  return {
    version,
    options,
    changedAt: at ?? null,
    changedBy: by ?? null,
    restoredVersion: restoredVersion ?? null,
  };
}

const VersionParams = z.object({
  version: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .meta({ type: "integer", minimum: 0 }),
});

const getSecurityOptions = operation({
  method: "GET",
  path: "/security-options",
  id: "getSecurityOptions",
  tag,
  summary: "Read the options that count now",
  permission,
  answer: OptionsAnswer,
  tagged: true,
  async run(ctx) {
    const [current] = await listSecurityOptionsVersions(ctx);
    return shown(current);
  },
});

const putSecurityOptions = operation({
  method: "PUT",
  path: "/security-options",
  id: "changeSecurityOptions",
  tag,
  summary: "Save other options as a new version",
  description:
    "All of them. They count from the next request on; whoever has to act is asked at the next sign-in.",
  permission,
  body: Options,
  answer: OptionsAnswer,
  tagged: true,
  conditional: true,
  alsoAnswers: [409],
  async run(ctx, { body, version }) {
    const basedOnVersion = version ?? (await listSecurityOptionsVersions(ctx))[0].version;
    await changeSecurityOptions(ctx, { ...body, basedOnVersion });
    return shown((await listSecurityOptionsVersions(ctx))[0]);
  },
});

const Simulated = z
  .object({
    total: z.int(),
    enrolling: z.int(),
    enrollingFrom: Moment.nullable(),
    confirming: z.int(),
    changing: z.int(),
    firstEndsAt: Moment.nullable().meta({
      description: "When the first password that is still good ends. Null where its period stays as it is.",
    }),
    locked: z.int(),
    outOf: z.int(),
    relieved: z.int(),
    people: z.array(
      z.object({ name: z.string(), kind: z.enum(["staff", "contact"]), meanings: z.array(z.string()) }),
    ),
  })
  .meta({ id: "Simulation", description: "Whom other security options would ask to act, and to do what." });

const simulate = operation({
  method: "POST",
  path: "/security-options/simulation",
  id: "simulateSecurityOptions",
  tag,
  summary: "See what other options would ask of whom, before they are saved",
  description:
    "As if everybody signed in now. The first hundred are named, of those whom the caller may see. Nothing is saved.",
  permission,
  body: Options,
  answer: Simulated,
  async run(ctx, { body }) {
    const simulation = await simulateSecurityOptions(ctx, body);
    const { enrollingFrom = null, firstEndsAt = null } = simulation;
    return { ...simulation, enrollingFrom, firstEndsAt };
  },
});

const listVersions = operation({
  method: "GET",
  path: "/security-options/versions",
  id: "listSecurityOptionsVersions",
  tag,
  summary: "Read who saved which options, and when",
  description: "The version that counts first, the one that every firm begins with last.",
  permission,
  answer: z.object({ data: z.array(OptionsAnswer) }),
  run: async (ctx) => ({ data: (await listSecurityOptionsVersions(ctx)).map(shown) }),
});

const getVersion = operation({
  method: "GET",
  path: "/security-options/versions/{version}",
  id: "getSecurityOptionsVersion",
  tag,
  summary: "Read one version",
  permission,
  params: VersionParams,
  answer: OptionsAnswer,
  run: async (ctx, { params }) => shown((await getSecurityOptionsVersion(ctx, params.version)).wanted),
});

const restoreVersion = operation({
  method: "POST",
  path: "/security-options/versions/{version}/restore",
  id: "restoreSecurityOptions",
  tag,
  summary: "Go back to an earlier version, as a new one",
  permission,
  params: VersionParams,
  answer: OptionsAnswer,
  tagged: true,
  conditional: true,
  async run(ctx, { params, version }) {
    const basedOnVersion = version ?? (await listSecurityOptionsVersions(ctx))[0].version;
    await restoreSecurityOptions(ctx, { version: params.version, basedOnVersion });
    return shown((await listSecurityOptionsVersions(ctx))[0]);
  },
});

export const securityOptionOperations = [
  getSecurityOptions,
  putSecurityOptions,
  simulate,
  listVersions,
  getVersion,
  restoreVersion,
];
