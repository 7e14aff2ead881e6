/**
 * What a Server Action tells the form that called it. Browser-safe; of secrets it holds none but what is shown once: a new
 * API token, or new recovery codes.
 */
export type FormState = {
  /** What happened and what to do next, for the summary above the fields. */
  message?: string;
  /** All failures at once, by field name. */
  fieldErrors?: Record<string, string[]>;
  /** What was typed, to be shown again. */
  values?: Record<string, string>;
  /** Which step of the form comes next, where it has several. */
  step?: string;
  /** Facts that the next step shows, such as a masked address. */
  facts?: Record<string, string>;
  /** What has to be proven before the form is carried out (F5). The form asks for it in place, and keeps what was typed. */
  stepUp?: StepUpAsked;
};

export type StepUpAsked = {
  wanted: "factor" | "password" | "enroll" | "sign_in";
  /** Where the member can prove it by a passkey: what the browser is asked with. */
  passkey?: string;
};

export const initialFormState: FormState = {};

/** The fields of that question, beside those of the form that it interrupts: a code, the password, a passkey's answer. */
export const STEP_UP_FIELDS = ["stepUpCode", "stepUpPassword", "stepUpPasskey"] as const;
