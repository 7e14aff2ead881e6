export const ERROR_STATUS = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  rate_limited: 429,
  overloaded: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export type FieldErrors = Record<string, string[]>;

type Details = {
  fieldErrors?: FieldErrors;
  retryAfterSeconds?: number;
  reason?: string;
  /** In a conflict, the version of what is saved now. */
  version?: number;
  /** Which proof has to come first, where one does (F5). */
  stepUp?: StepUp;
  cause?: unknown;
};

/**
 * What somebody has to do before something sensitive: prove a second factor, type the password, set a second factor up,
 * or sign in anew.
 */
export type StepUp = "factor" | "password" | "enroll" | "sign_in";

/** What a person or a program may be told. `message` is a sentence for people; `reason` is for the audit log. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fieldErrors: FieldErrors;
  readonly retryAfterSeconds: number | undefined;
  readonly reason: string | undefined;
  readonly version: number | undefined;
  readonly stepUp: StepUp | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = "DomainError";
    this.code = code;
    this.fieldErrors = details.fieldErrors ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.reason = details.reason;
    this.version = details.version;
    this.stepUp = details.stepUp;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

export function invalid(
  fieldErrors: FieldErrors,
  message = "Please correct what is marked below.",
): DomainError {
  return new DomainError("invalid", message, { fieldErrors });
}

export function conflict(field: string, message: string): DomainError {
  return new DomainError("conflict", message, { fieldErrors: { [field]: [message] } });
}

export function notFound(message = "There is nothing here, or not for you."): DomainError {
  return new DomainError("not_found", message);
}

export function forbidden(reason: string, message = "Your security group does not allow this."): DomainError {
  return new DomainError("forbidden", message, { reason });
}

/** Allowed, and asked for once more that it is really them. */
export function needsStepUp(stepUp: StepUp): DomainError {
  return new DomainError("forbidden", STEP_UP_SENTENCES[stepUp], { reason: `step_up_${stepUp}`, stepUp });
}

const STEP_UP_SENTENCES: Record<StepUp, string> = {
  factor: "Please confirm with your second factor that it is you.",
  password: "Please confirm with your password that it is you.",
  enroll: "This takes a second factor, and you have none yet. Set one up first, then come back.",
  sign_in: "It has been a while since you signed in. Please sign out and in again first.",
};

export function unauthenticated(reason: string): DomainError {
  return new DomainError("unauthenticated", "Please sign in first.", { reason });
}

export function rateLimited(reason: string, retryAfterSeconds: number): DomainError {
  const message = `Too many attempts. Please try again in ${inWords(retryAfterSeconds)}.`;
  return new DomainError("rate_limited", message, { reason, retryAfterSeconds });
}

export function overloaded(retryAfterSeconds: number, cause?: unknown): DomainError {
  const message = "The portal is very busy right now. Please try again in a few seconds.";
  return new DomainError("overloaded", message, { retryAfterSeconds, cause });
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/**
 * A database that is away or too busy is our trouble, not the caller's: 503 with Retry-After (REL7). Any other
 * error is given back as it came.
 */
export function asOverloadWhenDatabaseIsAway(error: unknown): unknown {
  return isDatabaseTrouble(error) ? overloaded(DATABASE_RETRY_SECONDS, error) : error;
}

const DATABASE_RETRY_SECONDS = 5;

const DATABASE_TROUBLE = new Set([
  "NO_PLACE",
  "ECONNREFUSED",
  "ECONNRESET",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
  "57P01",
  "57P02",
  "57P03",
  "53300",
  "08006",
  // PgBouncer's one code for all that it cannot do: no connection in time, no server, no login.
  "08P01",
  // Deadlock, serialisation, lock and statement time limits: undone whole, and right the next time.
  "40P01",
  "40001",
  "55P03",
  "57014",
]);

function isDatabaseTrouble(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && DATABASE_TROUBLE.has(String(cause.code))) return true;
  }
  return false;
}
