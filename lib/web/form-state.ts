/** What a Server Action tells the form that called it. Browser-safe; of secrets it holds none but a new API token, once. */
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
};

export const initialFormState: FormState = {};
