/**
 * Where everybody's access stands, worked out from a firm's audit events and the time alone. It owes nothing to the
 * product: no rule, no number and no function of lib/ is used here.
 */
export type AuditRow = {
  event: string;
  targetId: string | null;
  reason: string | null;
  source: string;
  detail: Record<string, unknown>;
  at: Date;
};

const HOURS = 3_600_000;
const DAYS = 24 * HOURS;
/** All strange places together. */
const EVERYWHERE = "*";
const ACCOUNT_CAP = 100;
const FEWEST_THAT_LOCK = 3;
const QUIET = 90 * DAYS;
const SHORTEST = 8;
const GRADES = ["Poor", "Weak", "Acceptable", "Good", "Excellent"];

type Options = Record<string, string>;

/** What a firm has before it saves any. */
const AT_FIRST: Options = {
  lengthRequired: "true",
  minLength: "15",
  upperRequired: "false",
  letterRequired: "false",
  numericRequired: "false",
  symbolRequired: "false",
  minStrength: "Acceptable",
  breachList: "true",
  rulesApplyAt: "next_change",
  expiryDays: "0",
  lockAfter: "10",
};

type Mailed = { ends: number; dead: boolean };

type Password = {
  /** Undefined for an imported one: nobody knows how old it is. */
  since: number | undefined;
  goodUntil: number;
  chosenByOther: boolean;
  /** Undefined for an imported one, until the firm's options have accepted it at a sign-in. */
  under: Options | undefined;
};

type Person = {
  staff: boolean;
  address: boolean;
  sso: boolean;
  enabled: boolean;
  frozen: boolean;
  mustChange: boolean;
  password: Password | undefined;
  invitation: Mailed | undefined;
  temporary: Mailed | undefined;
  /** Wrong passwords by place, and when the last one came from there. */
  wrong: Map<string, { times: number; last: number }>;
};

type Firm = {
  options: Options;
  expirySince: number | undefined;
  /** From when SSO is the only way in, and whether for the staff alone. */
  onlySso: { from: number; staffAlone: boolean } | undefined;
  people: Map<string, Person>;
};

/** The state of each person that the events speak of, by id. */
export function statesByAuditLog(events: readonly AuditRow[], now: Date): Map<string, string> {
  const firm: Firm = { options: AT_FIRST, expirySince: undefined, onlySso: undefined, people: new Map() };
  for (const row of events) happen(firm, row);
  return new Map([...firm.people].map(([id, person]) => [id, stateOf(person, firm, now.getTime())]));
}

function happen(firm: Firm, row: AuditRow): void {
  if (/^security_options\.(changed|restored)$/.test(row.event)) optionsChanged(firm, row);
  if (row.event === "sso.enforced") {
    const { from, scope } = row.detail;
    firm.onlySso = { from: Date.parse(String(from)), staffAlone: scope === "staff" };
  }
  if (row.event === "sso.lifted") firm.onlySso = undefined;
  if (row.event === "member.created") firm.people.set(row.targetId ?? "", newPerson(row));
  const person = firm.people.get(row.targetId ?? "");
  if (person) EFFECTS[row.event]?.(person, row, firm.options);
}

const OPENS = ["password_reset", "invitation", "temporary_password"];

type Effect = (person: Person, row: AuditRow, options: Options) => void;

const EFFECTS: Record<string, Effect> = {
  "member.federated": (person) => {
    person.sso = true;
  },
  "secret.minted": (person, { detail }) => {
    // Of mails that open the account the newest alone works.
    if (!OPENS.includes(String(detail.purpose))) return;
    takeBackMail(person);
    const mailed = { ends: Date.parse(String(detail.expiresAt)), dead: false };
    if (detail.purpose === "invitation") person.invitation = mailed;
    if (detail.purpose === "temporary_password") person.temporary = mailed;
  },
  "invitation.accepted": ownPassword,
  "password_reset.completed": ownPassword,
  "password.changed": ownPassword,
  "password.set": (person, row, options) => {
    ownPassword(person, row, options);
    const goodUntil = Date.parse(String(row.detail.expiresAt));
    if (person.password) person.password = { ...person.password, goodUntil, chosenByOther: true };
    person.mustChange = true;
  },
  "session.started": (person, { detail }, options) => {
    person.wrong.clear();
    if (detail.rulesAccepted && person.password) person.password = { ...person.password, under: options };
    if (detail.proof === "temporary" && person.temporary) person.temporary.dead = true;
  },
  "sign_in.refused": wrongPassword,
  "password.change.refused": wrongPassword,
  "account.unlocked": (person) => person.wrong.clear(),
  "account.frozen": (person, { detail, at }) => {
    if (detail.already) return;
    person.frozen = true;
    takeBackMail(person);
    if (person.password) {
      person.password = { ...person.password, goodUntil: at.getTime(), chosenByOther: true };
    }
  },
  "account.unfrozen": (person) => {
    person.frozen = false;
  },
  "recovery.applied": (person) => {
    person.address = true;
    person.frozen = false;
    takeBackMail(person);
  },
  "member_security.changed": (person, { detail }) => {
    if (typeof detail.mustChangePassword === "boolean") person.mustChange = detail.mustChangePassword;
    if (detail.status) person.enabled = detail.status === "enabled";
    if (detail.status === "disabled") takeBackMail(person);
  },
};

const IMPORTED: Password = {
  since: undefined,
  goodUntil: Number.POSITIVE_INFINITY,
  chosenByOther: false,
  under: undefined,
};

function newPerson({ detail }: AuditRow): Person {
  return {
    staff: detail.kind === "staff",
    address: detail.address === true,
    sso: false,
    enabled: true,
    frozen: false,
    mustChange: false,
    password: detail.password === "imported" ? { ...IMPORTED } : undefined,
    invitation: undefined,
    temporary: undefined,
    wrong: new Map(),
  };
}

function ownPassword(person: Person, { at }: AuditRow, options: Options): void {
  const since = at.getTime();
  person.password = { since, goodUntil: Number.POSITIVE_INFINITY, chosenByOther: false, under: options };
  person.mustChange = false;
  person.wrong.clear();
  takeBackMail(person);
}

function takeBackMail(person: Person): void {
  for (const mailed of [person.invitation, person.temporary]) if (mailed) mailed.dead = true;
}

/** What is refused as locked was no try, and whoever asked too often was not judged: that is told without a place. */
function wrongPassword(person: Person, { reason, source, detail, at }: AuditRow): void {
  if (reason === "locked" || detail.place === undefined) return;
  const known = detail.place === "known_device";
  const place = known ? String(detail.device) : networkOf(source);
  count(person, place, at.getTime());
  if (!known) count(person, EVERYWHERE, at.getTime());
}

/** A place that locks nobody is forgotten when it has been quiet for three months. */
function count({ wrong }: Person, place: string, at: number): void {
  const { times, last } = wrong.get(place) ?? { times: 0, last: at };
  const forgotten = place !== EVERYWHERE && times < FEWEST_THAT_LOCK && last < at - QUIET;
  wrong.set(place, { times: forgotten ? 1 : times + 1, last: at });
}

/** Half of an address of version 6 is one household. */
function networkOf(source: string): string {
  return source.includes(":") ? source.split(":").slice(0, 4).join(":") : source;
}

/** Each changed option is told as "before -> after". */
function optionsChanged(firm: Firm, { detail, at }: AuditRow): void {
  const options = { ...firm.options };
  for (const [name, told] of Object.entries(detail)) {
    const [, after] = /^.* -> (.*)$/.exec(String(told)) ?? [];
    if (after !== undefined) options[name] = after;
  }
  if (firm.options.expiryDays === "0" && options.expiryDays !== "0") firm.expirySince = at.getTime();
  firm.options = options;
}

/** The table of lib/reports/README.md, from its top to its bottom. */
function stateOf(person: Person, { options, expirySince, onlySso }: Firm, now: number): string {
  if (!person.enabled) return "disabled";
  if (person.frozen) return "frozen";
  if (person.sso) return "sso";
  if (onlySso && now >= onlySso.from && (person.staff || !onlySso.staffAlone)) return "sso_required";
  const { temporary } = person;
  const waits = temporary !== undefined && !temporary.dead && now < temporary.ends;
  return person.password
    ? stateWithPassword(person, person.password, { waits, options, expirySince, now })
    : stateWithoutPassword(person, { waits, now });
}

/** `waits`: a temporary password has been mailed that would still work. */
type Present = { waits: boolean; options: Options; expirySince: number | undefined; now: number };

function stateWithPassword(
  person: Person,
  password: Password,
  { waits, options, expirySince, now }: Present,
): string {
  if (waits) return "temporary";
  if (now >= password.goodUntil) return "temporary_over";
  if (isLocked(person, options)) return "locked";
  if (password.chosenByOther) return "temporary";
  if (person.mustChange) return "must_change";
  const days = Number(options.expiryDays);
  if (days > 0 && now >= (password.since ?? expirySince ?? now) + days * DAYS) return "expired";
  return options.rulesApplyAt === "next_sign_in" && isWeaker(password.under, options)
    ? "must_change"
    : "active";
}

function stateWithoutPassword(person: Person, { waits, now }: Pick<Present, "waits" | "now">): string {
  const { invitation } = person;
  if (waits || (invitation && !invitation.dead && now < invitation.ends)) return "invited";
  if (!person.address) return "no_address";
  return invitation || person.temporary ? "invitation_expired" : "never_invited";
}

function isLocked({ wrong }: Person, options: Options): boolean {
  return [...wrong].some(
    ([place, { times }]) => times >= (place === EVERYWHERE ? ACCOUNT_CAP : Number(options.lockAfter)),
  );
}

/** Whether what was asked of a password then could let pass what is refused now. */
function isWeaker(then: Options | undefined, now: Options): boolean {
  if (!then) return true;
  const on = (options: Options, name: string) => options[name] === "true";
  const length = (options: Options) =>
    on(options, "lengthRequired") ? Math.max(SHORTEST, Number(options.minLength)) : SHORTEST;
  const grade = (options: Options) => GRADES.indexOf(options.minStrength ?? "");
  const letters = on(now, "letterRequired") && !on(then, "letterRequired") && !on(then, "upperRequired");
  return (
    length(then) < length(now) ||
    grade(then) < grade(now) ||
    letters ||
    ["upperRequired", "numericRequired", "symbolRequired", "breachList"].some(
      (name) => on(now, name) && !on(then, name),
    )
  );
}
