import * as z from "zod";
import { TimeZone } from "#lib/core/time-zone.ts";
import { IDLE_MINUTES } from "#lib/policy/security-options.ts";

export const AcceptInvitationToken = z.object({ token: z.string() });

const MemberId = z.uuid("This person does not exist.");

/** A tick box that is not ticked sends nothing. */
const Tick = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** The version of what the page showed; nothing of it where nobody looked before (E6). */
const Version = z
  .union([z.literal("").transform(() => undefined), z.coerce.number().int().positive()])
  .optional()
  .catch(undefined);

export const MemberInput = z.object({ memberId: MemberId });

export const DeleteMemberInput = MemberInput.extend({ version: Version });

const IDLE_WANTED = `Enter a number from ${IDLE_MINUTES.least} to ${IDLE_MINUTES.most}, or leave it empty for the firm's.`;

/** An empty one is the firm's. Nothing at all leaves it as it is. */
const OwnIdleMinutes = z
  .union(
    [
      z.null(),
      z.literal("").transform(() => null),
      z
        .string()
        .trim()
        .regex(/^\d{1,4}$/)
        .transform(Number)
        .pipe(z.number().min(IDLE_MINUTES.least).max(IDLE_MINUTES.most)),
    ],
    IDLE_WANTED,
  )
  .optional();

export const ChangeSecurityInput = z.object({
  memberId: MemberId,
  securityGroupId: z.uuid("Choose a security group."),
  status: z.enum(["enabled", "disabled"], "Choose enabled or disabled."),
  mustChangePassword: Tick,
  enrolmentRequired: Tick,
  idleMinutes: OwnIdleMinutes,
  version: Version,
});

export const SetAccessInput = z.object({
  memberId: MemberId,
  status: z.enum(["enabled", "disabled"], "Choose enabled or disabled."),
  version: Version,
});

const NAME_LENGTH = 120;

const Name = z
  .string("Enter a name.")
  .trim()
  .min(1, "Enter a name.")
  .max(NAME_LENGTH, `A name has at most ${NAME_LENGTH} characters.`)
  .refine((name) => !/[\p{Cc}\p{Cf}]/u.test(name), "A name stands on one line, without control characters.");

/** An empty field is no wish. */
const Username = z
  .string()
  .trim()
  .max(254, "A username has at most 254 characters.")
  .transform((username) => (username === "" ? undefined : username))
  .optional();

const Email = z.string("Enter an e-mail address.").trim().max(254, "An address has at most 254 characters.");

/** Of several tick boxes one may be ticked, or many, or none. */
const Clients = z
  .union([
    z.literal("").transform(() => []),
    z.uuid().transform((id) => [id]),
    z.array(z.uuid()).max(50, "Choose at most 50 clients."),
  ])
  .default([]);

export const CreateMemberInput = z.object({
  kind: z.enum(["staff", "contact"], "Choose staff or contact."),
  name: Name,
  username: Username,
  email: Email.min(1, "Enter an e-mail address."),
  securityGroupId: z.union([z.uuid("Choose a security group."), z.literal("")]).optional(),
  clientIds: Clients,
  /** From a form or from a program. */
  invite: z
    .union([z.literal("on"), z.boolean()])
    .optional()
    .transform((value) => value === "on" || value === true),
});

export const ChangeMemberInput = z.object({
  memberId: MemberId,
  name: Name,
  username: Username,
  email: Email,
  /** An empty one is the firm's. Nothing at all leaves it as it is. */
  timeZone: z.union([z.literal("").transform(() => null), TimeZone]).optional(),
  version: Version,
});
